import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { parseManifest } from '../../data/index.js';
import { UniAdapterError } from '../../error/index.js';
import { type Atlas, type Concept, KINDS, makeSprite } from '../../world/index.js';
import { loadAtlas, loadConcepts } from './atlas.js';
import { worldSet, writeWorld } from './files.js';
import { previewSheet } from './sheet.js';

const folder = await mkdtemp(join(tmpdir(), 'world-'));
after(() => rm(folder, { recursive: true }));

const square = makeSprite(16, new Uint8Array(16 * 16 * 4).fill(255));
const plain: Atlas = { style: 'plain', sprites: new Map(KINDS.map(({ code }) => [code, square])) };
const styles = [{ atlas: plain, share: 1 }];
const world = { domain: 'noto', styles, seed: 5, size: 24 } as const;

test('a training set is made on demand: the same item again is the same picture, and an item of a longer set too', async () => {
  const set = worldSet({ ...world, count: 50 });
  const longer = worldSet({ ...world, count: 5000 });
  assert.equal(set.items.length, 50);
  assert.deepEqual((await set.pixels(7)).data, (await set.pixels(7)).data);
  assert.deepEqual((await set.pixels(7)).data, (await longer.pixels(7)).data);
  assert.deepEqual(set.items[7]?.captions, longer.items[7]?.captions);
  assert.notDeepEqual((await set.pixels(7)).data, (await set.pixels(8)).data);
});

test('a test set has no two equal first captions and shares no picture with training', () => {
  const gallery = worldSet({ ...world, count: 1500, split: 'test' });
  assert.equal(new Set(gallery.items.map(({ captions }) => captions[0])).size, 1500);
  const training = worldSet({ ...world, count: 1500 });
  assert.notDeepEqual(gallery.items[0]?.captions, training.items[0]?.captions);
});

test('styles and naming are mixed in their shares', async () => {
  const black = makeSprite(
    16,
    new Uint8Array(16 * 16 * 4).map((_, i) => (i % 4 === 3 ? 255 : 0)),
  );
  const dark: Atlas = { style: 'dark', sprites: new Map(KINDS.map(({ code }) => [code, black])) };
  const concepts: readonly Concept[] = [{ code: '1f415', label: 'quokka', tags: [] }];
  const naming = { share: 0.25, concepts, atlases: [plain] };
  const mix = [...styles, { atlas: dark, share: 3 }];
  const set = worldSet({ ...world, styles: mix, count: 600, naming });
  const named = set.items.filter(({ captions }) => captions[0]?.includes('quokka')).length;
  assert.ok(Math.abs(named / 600 - 0.25) < 0.06, `${named} of 600`);
  const pictures = await Promise.all(set.items.map((_, i) => set.pixels(i)));
  const black0 = pictures.filter(({ data }) => data.some((v) => v === 0)).length; // untinted black somewhere
  assert.ok(black0 > 150 && black0 < 450, `${black0}`);
});

test('a written world is a dataset like any other, complete with splits, and nothing temporary is left', async () => {
  const target = join(folder, 'data');
  const progress: number[] = [];
  const counts = { train: 6, test: 3 };
  await writeWorld(target, { ...world, counts, format: 'png', onProgress: ({ done }) => progress.push(done) });
  const { items, flaws } = parseManifest(await readFile(join(target, 'manifest.jsonl'), 'utf8'), 'jsonl');
  assert.deepEqual(flaws, []);
  assert.deepEqual(
    items.map(({ split }) => split),
    [...Array(6).fill('train'), ...Array(3).fill('test')],
  );
  assert.ok(items.every(({ captions }) => captions.length === 5));
  assert.deepEqual(progress, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const set = worldSet({ ...world, count: 3, split: 'test' });
  const written = await sharp(join(target, items[8]?.image ?? ''))
    .raw()
    .toBuffer();
  assert.deepEqual(new Uint8Array(written), (await set.pixels(2)).data);
  assert.deepEqual(await readdir(folder), ['data']);
});

test('an existing folder is refused before anything is rendered, and an interrupted write leaves nothing', async () => {
  const refused = (what: string) => (error: unknown) =>
    error instanceof UniAdapterError && error.code === 'file' && error.problem.what.includes(what);
  await assert.rejects(writeWorld(folder, { ...world, counts: { train: 1 }, format: 'png' }), refused('exists'));
  const onProgress = ({ done }: { done: number }) => {
    if (done === 2) throw new Error('stop');
  };
  const broken = writeWorld(join(folder, 'broken'), { ...world, counts: { train: 4 }, format: 'webp', onProgress });
  await assert.rejects(broken, refused('cannot be written'));
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith('broken')));
});

test('the atlas of Noto art holds every noun, and its cache file gives the same sprites', async () => {
  const cache = join(folder, 'cache');
  const made = await loadAtlas('noto', cache);
  assert.ok(KINDS.every(({ code }) => made.sprites.has(code)));
  assert.equal((await readdir(cache)).length, 1);
  assert.deepEqual(await loadAtlas('noto', cache), made);
});

test('there are 1,644 concepts with distinct labels', async () => {
  const concepts = await loadConcepts();
  assert.equal(concepts.length, 1644);
  assert.equal(new Set(concepts.map(({ label }) => label)).size, 1644);
});

test('a preview sheet is one picture of all asked for', async () => {
  const sheet = await previewSheet(worldSet({ ...world, count: 5 }), { count: 5, columns: 3, edge: 100, captions: 1 });
  const { width, height } = await sharp(sheet).metadata();
  assert.equal(width, 8 + 3 * 108);
  assert.ok((height ?? 0) > 200);
});
