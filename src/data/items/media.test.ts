import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { kindOf, tidy } from './media.js';

test('an extension tells clips from images, in capitals too; without one it is a folder of frames', () => {
  for (const path of ['a.mp4', 'a/b.MOV', 'x.y.gif', 'a.mkv ', 'frames', 'a.b/frames', '7'])
    assert.equal(kindOf(path), 'video', path);
  for (const path of ['a.jpg', 'a/b.PNG', 'clip.mp4.jpg', 'a.webp', 'a\\b.jpeg'])
    assert.equal(kindOf(path), 'image', path);
});

test('the same file written in two ways is one file', () => {
  for (const [written, tidied] of [
    ['./a.jpg', 'a.jpg'],
    ['a//b.jpg', 'a/b.jpg'],
    [' a/./b.jpg ', 'a/b.jpg'],
    ['.//a/././/b.jpg', 'a/b.jpg'],
    ['/a/b.jpg', '/a/b.jpg'],
    ['../a.jpg', '../a.jpg'],
    ['a/.b/c.jpg', 'a/.b/c.jpg'],
  ] as const)
    assert.equal(tidy(written), tidied);
});

test('tidying agrees with the platform’s own normalisation, where no folder is left again', () => {
  const part = fc.constantFrom('a', 'b.jpg', '.', '', '.c', 'd e');
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const path = `${parts.join('/')}/x.jpg`;
      assert.equal(tidy(path), posix.normalize(path));
    }),
  );
});
