// What is kept is given again to the last bit, and nothing else is.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { createDecoder } from '../../node/media/decoder.js';
import { numbered, numberOf } from '../../node/media/video/clip.test-support.js';
import { temporaryFolder } from '../../node/toy.test-support.js';
import type { Pixels } from '../image/index.js';
import type { Decoder } from '../video/index.js';
import { cachedDecoder } from './cache.js';

const root = temporaryFolder();
let folders = 0;

/** A cache in a folder of its own, over a decoder that counts what it is asked for and reads numbers from files. */
function counted(maxBytes?: number, folder = join(root, `cache ${folders++}`)) {
  let calls = 0;
  const inner: Decoder = {
    async frames(path, positions) {
      calls++;
      const start = Number(await readFile(path, 'utf8'));
      return positions.map((position) => numbered(start + Math.floor(position * 10)));
    },
    probe: () => Promise.resolve({ kind: 'video', width: 64, height: 48, frames: 10, seconds: 1 }),
  };
  return { folder, calls: () => calls, ...cachedDecoder(inner, folder, maxBytes) };
}

async function clip(start: number, name = `${start}.clip`): Promise<string> {
  const path = join(root, name);
  await writeFile(path, `${start}`);
  return path;
}

test('frames are decoded once, and come back the same', async () => {
  const { frames, calls } = counted();
  const path = await clip(20);
  const first = await frames(path, [0.1, 0.55]);
  assert.deepEqual(await frames(path, [0.1, 0.55]), first);
  assert.deepEqual(first.map(numberOf), [21, 25]);
  assert.equal(calls(), 1);
});

test('another process finds them; other positions and contents are other entries', async () => {
  const { frames, folder } = counted();
  const path = await clip(30);
  await frames(path, [0.5]);
  const again = counted(undefined, folder);
  await again.frames(path, [0.5]);
  assert.equal(again.calls(), 0);
  await again.frames(path, [0.6]);
  await again.frames(await clip(31), [0.5]);
  assert.equal((await readdir(folder)).length, 3);
});

test('an entry belongs to what a file holds, not to its name', async () => {
  const { frames, calls } = counted();
  const path = await clip(40, 'first.clip');
  await frames(path, [0]);
  await rename(path, join(root, 'second.clip'));
  assert.deepEqual((await frames(join(root, 'second.clip'), [0])).map(numberOf), [40]);
  assert.equal(calls(), 1);
  await clip(41, 'second.clip');
  await utimes(join(root, 'second.clip'), 1e6, 1e6); // as long as before, at another time
  assert.deepEqual((await frames(join(root, 'second.clip'), [0])).map(numberOf), [41]);
});

test('a large file is hashed once as long as it does not change', async () => {
  const { frames } = counted();
  const path = await clip(50);
  await utimes(path, 1e9, 1e9);
  await frames(path, [0]);
  await writeFile(path, '60'); // as long as before, at the same time: nobody could know
  await utimes(path, 1e9, 1e9);
  assert.deepEqual((await frames(path, [0])).map(numberOf), [50]);
});

test('an image is kept once, however often it is given', async () => {
  const folder = join(root, 'images');
  const path = join(root, 'image.png');
  const noise = Uint8Array.from({ length: 100 * 100 * 3 }, (_, i) => (i * i * 7919) % 251);
  await sharp(noise, { raw: { width: 100, height: 100, channels: 3 } })
    .png()
    .toFile(path);
  for (let i = 0; i < 2; i++) {
    const [first, , last] = await cachedDecoder(createDecoder(), folder).frames(path, [0.1, 0.5, 0.9]);
    assert.deepEqual([...(first?.data ?? [])], [...noise]);
    assert.equal(first, last);
  }
  const [name = ''] = await readdir(folder);
  assert.ok((await stat(join(folder, name))).size < 40_000);
});

test('a folder of frames is known by their names and contents', async () => {
  const frames = join(root, 'frames');
  await mkdir(frames);
  const save = async (n: number, name: string) => {
    const { width, height, data } = numbered(n);
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(frames, name));
  };
  await save(1, '1.png');
  await save(2, '2.png');
  const { frames: read } = cachedDecoder(createDecoder(), join(root, 'cache of frames'));
  const numbers = async () => (await read(frames, [0.2, 0.7])).map(numberOf);
  assert.deepEqual(await numbers(), [1, 2]);
  await save(77, '2.png');
  assert.deepEqual(await numbers(), [1, 77]);
  await rename(join(frames, '1.png'), join(frames, '3.png'));
  assert.deepEqual(await numbers(), [77, 1]);
});

const DAMAGES: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'cut off': (path) => truncate(path, 5000),
  empty: (path) => truncate(path, 0),
  'changed in one pixel': async (path) => {
    const bytes = await readFile(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    await writeFile(path, bytes);
  },
  'something else': (path) => writeFile(path, 'hello'),
};

for (const [name, damage] of Object.entries(DAMAGES))
  test(`an entry that is ${name} is decoded anew and written again`, async () => {
    const { frames, folder, calls } = counted();
    const path = await clip(90);
    const sound = await frames(path, [0.3]);
    const [entry = ''] = await readdir(folder);
    await damage(join(folder, entry));
    assert.deepEqual(await frames(path, [0.3]), sound);
    assert.equal(calls(), 2);
    assert.deepEqual(await frames(path, [0.3]), sound);
    assert.equal(calls(), 2);
  });

test('what cannot be decoded leaves nothing behind', async () => {
  const { folder } = counted();
  const failing: Decoder = { ...createDecoder(), frames: () => Promise.reject(new Error('no')) };
  await assert.rejects(cachedDecoder(failing, folder).frames(await clip(100), [0]), /no/);
  await assert.rejects(readdir(folder), /ENOENT/);
  await assert.rejects(cachedDecoder(failing, folder).frames(join(root, 'none'), [0]), /none: is missing/);
});

test('when there is too much, what was used least recently goes', async () => {
  const entryBytes = 64 * 48 * 3 + 4096;
  const { frames, folder } = counted(4.5 * entryBytes);
  const use = async (start: number, ageSeconds: number): Promise<Pixels | undefined> => {
    const before = await readdir(folder).catch(() => [] as string[]);
    const [frame] = await frames(await clip(start), [0]);
    const [added] = (await readdir(folder)).filter((name) => !before.includes(name));
    const time = Date.now() / 1000 - ageSeconds;
    if (added) await utimes(join(folder, added), time, time);
    return frame;
  };
  const age = { 110: 100, 111: 90, 112: 80, 113: 70 };
  for (const [start, seconds] of Object.entries(age)) await use(Number(start), seconds);
  await use(110, 0); // used again, so it is younger than 111
  await writeFile(join(folder, 'notes.txt'), 'not an entry');
  await use(114, 0);
  const { calls, frames: look } = counted(undefined, folder);
  for (const start of [110, 112, 113, 114]) await look(await clip(start), [0]);
  assert.equal(calls(), 0);
  await look(await clip(111), [0]);
  assert.equal(calls(), 1);
  assert.ok((await readdir(folder)).includes('notes.txt'));
});

test('several processes may fill one folder', async () => {
  const folder = join(root, 'shared');
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const paths = await Promise.all([120, 130, 140].map((start) => clip(start)));
  const program = `
    import { cachedDecoder } from ${module('./cache.ts')};
    import { numbered } from ${module('../../node/media/video/clip.test-support.ts')};
    const inner = { frames: async (path, positions) => positions.map((_, i) => numbered(i + 1)) };
    const { frames } = cachedDecoder(inner, ${JSON.stringify(folder)}, 60_000);
    for (let i = 0; i < 30; i++) await frames(${JSON.stringify(paths)}[i % 3], [0.1, (i % 7) / 10 + 0.2]);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  const run = () =>
    promisify(execFile)(process.execPath, args, { cwd: fileURLToPath(new URL('../../..', import.meta.url)) });
  for (const { stderr } of await Promise.all([run(), run()])) assert.equal(stderr, '');
  for (const name of await readdir(folder)) assert.match(name, /^[0-9a-f]{64}\.safetensors$/);
  assert.deepEqual((await counted(undefined, folder).probe(paths[0] ?? '')).kind, 'video');
});

test('a folder that cannot be made is an error', async () => {
  const path = await clip(150);
  await copyFile(path, join(root, 'occupied'));
  await assert.rejects(
    counted(undefined, join(root, 'occupied', 'cache')).frames(path, [0]),
    /occupied.*a part of the path is a file/,
  );
  await rm(join(root, 'occupied'));
});
