import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { checkDataset, openDataset } from '../../data/dataset/dataset.js';
import { parseManifest } from '../../data/items/index.js';
import { positions } from '../../data/video/index.js';
import { UniAdapterError } from '../../error/index.js';
import { scenes } from './art.test-support.js';
import { writeWorld } from './files.js';
import { clipWorld, sceneWorld } from './scenes.js';
import { worldSet } from './set.js';
import { previewSheet } from './sheet.js';

const folder = await mkdtemp(join(tmpdir(), 'world-'));
after(() => rm(folder, { recursive: true }));

const world = sceneWorld(scenes);
const clips = clipWorld({ ...scenes, frames: 6 });
const manifestOf = async (path: string) => parseManifest(await readFile(join(path, 'manifest.jsonl'), 'utf8'), 'jsonl');

test('a written world is a dataset like any other, with splits and questions, and nothing else is left', async () => {
  const target = join(folder, 'data');
  const progress: number[] = [];
  await writeWorld(target, world, {
    counts: { train: 6, test: 3 },
    captions: { test: 1 },
    format: 'png',
    onProgress: ({ done }) => progress.push(done),
  });
  const { items, flaws } = await manifestOf(target);
  assert.deepEqual(flaws, []);
  assert.deepEqual(
    items.map(({ split, kind, captions }) => [split, kind, captions.length]),
    [...Array(6).fill(['train', 'image', 5]), ...Array(3).fill(['test', 'image', 1])],
  );
  assert.deepEqual(
    progress.toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  const set = worldSet(world, { count: 3, split: 'test' });
  assert.deepEqual(items[8]?.questions, set.items[2]?.questions);
  const written = await sharp(join(target, items[8]?.media ?? ''))
    .raw()
    .toBuffer();
  assert.deepEqual(new Uint8Array(written), (await set.frames(2, [0.5]))[0]?.data);
  assert.deepEqual(await readdir(folder), ['data']);
});

test('a clip is written as one animation that shows every frame at its time, in tests its twin behind it', async () => {
  const target = join(folder, 'clips');
  await writeWorld(target, clips, { counts: { train: 1, test: 2 }, twins: true, format: 'png' });
  const { dataset, bad } = await checkDataset(await openDataset(target, { seed: 1 }));
  assert.deepEqual(bad, []);
  assert.deepEqual([dataset.splits.train.items.length, dataset.splits.val.items.length], [1, 0]);
  const read = dataset.splits.test;
  const drawn = worldSet(clips, { count: 2, split: 'test', twins: true });
  assert.equal(read.items.length, 4);
  for (const [index, { kind, captions, questions }] of read.items.entries()) {
    assert.equal(kind, 'video');
    assert.deepEqual([captions, questions], [drawn.items[index]?.captions, drawn.items[index]?.questions]);
    const frames = await read.frames(index, positions(6, null));
    for (const [f, { data }] of (await drawn.frames(index, positions(6, null))).entries())
      assert.ok(
        data.every((level, i) => Math.abs(level - (frames[f]?.data[i] ?? 0)) <= 2),
        `frame ${f}`,
      );
  }
});

test('an existing folder is refused before anything is drawn, and an interrupted write leaves nothing', async () => {
  const refused = (what: string) => (error: unknown) =>
    error instanceof UniAdapterError && error.code === 'file' && error.problem.what.includes(what);
  await assert.rejects(writeWorld(folder, world, { counts: { train: 1 }, format: 'png' }), refused('exists'));
  const options = { counts: { train: 40 }, format: 'webp' } as const;
  const onProgress = ({ done }: { done: number }) => {
    if (done === 2) throw new Error('stop');
  };
  const target = join(folder, 'broken');
  await assert.rejects(writeWorld(target, world, { ...options, onProgress }), /stop/);
  const stop = new AbortController();
  const stopped = writeWorld(target, world, { ...options, signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(stopped, { name: 'AbortError' });
  await assert.rejects(writeWorld(target, { ...world, end: 10 }, options), { code: 'data' });
  assert.ok(!(await readdir(folder)).some((name) => name.includes('broken')));
});

test('a preview sheet is one picture of all asked for, clips with their frames side by side', async () => {
  const options = { columns: 3, edge: 100, captions: 1 };
  const pictures = await sharp(await previewSheet(worldSet(world, { count: 5 }), { ...options, frames: 1 })).metadata();
  assert.equal(pictures.width, 10 + 3 * 110);
  assert.ok((pictures.height ?? 0) > 240);
  const strips = await sharp(await previewSheet(worldSet(clips, { count: 2 }), { ...options, frames: 6 })).metadata();
  assert.equal(strips.width, 10 + 2 * (6 * 102 - 2 + 10));
});
