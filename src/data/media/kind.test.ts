import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { temporaryFolder } from '../../node/toy.test-support.js';
import { mediaKind } from './kind.js';

const folder = temporaryFolder();
const picture = (background: string, alpha = 1) =>
  sharp({ create: { width: 8, height: 8, channels: 4, background } })
    .ensureAlpha(alpha)
    .png()
    .toBuffer();

test('an animated WebP is a clip, and one with a single picture is none', async () => {
  const frames = [await picture('red'), await picture('blue')];
  const [moving, still, clear] = ['moving.webp', 'still.webp', 'clear.webp'].map((name) => join(folder, name));
  await sharp(frames, { join: { animated: true } })
    .webp()
    .toFile(moving as string);
  await sharp(frames[0])
    .removeAlpha()
    .webp()
    .toFile(still as string);
  await sharp(await picture('#f008'))
    .webp({ quality: 50 })
    .toFile(clear as string); // extended, for its transparency
  assert.equal(await mediaKind(moving as string), 'video');
  assert.equal(await mediaKind(still as string), 'image');
  assert.equal(await mediaKind(clear as string), 'image');
});

test('a folder of frames may have a name that ends like a file’s', async () => {
  await mkdir(join(folder, 'take.2'));
  assert.equal(await mediaKind(join(folder, 'take.2')), 'video');
});

test('what cannot be read, and what is neither, goes by its name', async () => {
  await writeFile(join(folder, 'text.webp'), 'hello');
  for (const name of ['text.webp', 'none.webp', 'none.jpg']) assert.equal(await mediaKind(join(folder, name)), 'image');
  for (const name of ['none.mp4', 'none.gif', 'none']) assert.equal(await mediaKind(join(folder, name)), 'video');
});
