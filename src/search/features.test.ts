import assert from 'node:assert/strict';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../node/toy.test-support.js';
import { openFeatures } from './features.js';

const root = temporaryFolder();
const [ONE, TWO] = ['01'.repeat(32), 'fe'.repeat(32)];
const [first, second] = [Float32Array.of(0.6, 0.8), Float32Array.of(-1, 0)];

test('features are found again by content and by what they depend on, and others are added to them', async () => {
  const folder = join(root, 'kept', 'deep');
  const store = await openFeatures(folder, { frames: 2 });
  assert.equal((await store.read()).size, 0);
  await store.add(new Map([[ONE, first]]));
  await (await openFeatures(folder, { frames: 2 })).add(new Map([[TWO, second]]));
  assert.deepEqual(
    [...(await store.read())],
    [
      [ONE, first],
      [TWO, second],
    ],
  );
  assert.equal((await (await openFeatures(folder, { frames: 3 })).read()).size, 0);
});

test('where nothing is new nothing is written', async () => {
  const folder = join(root, 'nothing');
  await (await openFeatures(folder, {})).add(new Map());
  await assert.rejects(stat(folder), /ENOENT/);
});

test('a damaged file is as good as none, which is said', async (context) => {
  const warned = context.mock.method(process, 'emitWarning', () => {});
  const folder = join(root, 'damaged');
  const store = await openFeatures(folder, {});
  for (const damage of [(path: string) => truncate(path, 4100), (path: string) => writeFile(path, 'hello'), flipBit]) {
    await store.add(new Map([[ONE, first]]));
    assert.equal((await store.read()).size, 1);
    const [name = ''] = await readdir(folder);
    await damage(join(folder, name));
    assert.equal((await store.read()).size, 0);
    assert.deepEqual(await readdir(folder), []);
  }
  assert.equal(warned.mock.callCount(), 3);
  assert.match(String(warned.mock.calls[2]?.arguments[0]), /damaged.*checksum.*; what it held is computed again/);
});

async function flipBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  const last = bytes.length - 40; // of a feature, or of whose it is
  bytes[last] = (bytes[last] as number) ^ 4;
  await writeFile(path, bytes);
}

test('what two processes add at once is all there', async () => {
  const folder = join(root, 'together');
  const key = (i: number) => i.toString(16).padStart(2, '0').repeat(32);
  const stores = await Promise.all(Array.from({ length: 6 }, () => openFeatures(folder, {})));
  await Promise.all(stores.map((store, i) => store.add(new Map([[key(i), first]]))));
  assert.deepEqual(
    [...(await openFeatures(folder, {}).then((store) => store.read())).keys()].sort(),
    [0, 1, 2, 3, 4, 5].map(key),
  );
});
