import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, UniAdapterError } from '../../error/index.js';
import { refusal } from '../../node/toy.test-support.js';
import { hidingFolders } from './hidden.js';

const folders = new Map([
  ['/home/me/photos', 'photos'],
  ['/home/me/photos/best', 'best'],
]);

const machine = hidingFolders(
  {
    name: 'a machine',
    async look(path: string): Promise<string> {
      return path === 'good' ? path : fail('data', { where: path, what: 'is broken', got: `a link to ${path}` });
    },
    async *all(path: string): AsyncGenerator<number> {
      yield 1;
      fail('file', { where: path, what: 'is missing' });
    },
    bug: async () => {
      throw new TypeError('/home/me/photos');
    },
  },
  folders,
);

test('errors name files by where they are in a library, and folders elsewhere not at all', async () => {
  assert.equal(await machine.look('good'), 'good');
  assert.equal(machine.name, 'a machine');
  for (const [path, told] of [
    ['/home/me/photos/a/b.jpg', 'photos/a/b.jpg'],
    ['/home/me/photos/best/b.jpg', 'best/b.jpg'],
    ['/home/me/photos', 'photos'],
    ['/var/secret/place/b.jpg', 'b.jpg'],
    ['an image/png of 3/4', 'an image/png of 3/4'],
  ] as const) {
    const error = await refusal(machine.look(path));
    assert.equal(error.message, `${told}: is broken: got a link to ${told}`);
    assert.equal(error.code, 'data');
    assert.ok(error.cause instanceof UniAdapterError, 'the log has all of it');
  }
});

test('so do those of long answers; bugs are left as they are', async () => {
  const seen: number[] = [];
  const reading = async () => {
    for await (const number of machine.all('/home/me/photos/a.jpg')) seen.push(number);
  };
  assert.equal((await refusal(reading())).message, 'photos/a.jpg: is missing');
  assert.deepEqual(seen, [1]);
  await assert.rejects(machine.bug(), TypeError);
});
