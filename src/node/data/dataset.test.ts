import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { SPLIT_NAMES, trainBatch, trainOrder } from '../../data/index.js';
import { CLIP_MEAN, CLIP_STD } from '../../image/index.js';
import { checkDataset, type Dataset, openManifest } from './dataset.js';

let base: string;
let picture: Buffer;
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'dataset-'));
  const noise = Uint8Array.from({ length: 32 * 24 * 3 }, (_, i) => (i * i * 31) % 251);
  picture = await sharp(noise, { raw: { width: 32, height: 24, channels: 3 } })
    .jpeg()
    .toBuffer();
});
after(() => rm(base, { recursive: true }));

/** A folder with the given files; `null` stands for a good picture. */
async function folder(name: string, files: Record<string, string | Uint8Array | null>): Promise<string> {
  for (const [file, content] of Object.entries(files)) {
    const path = join(base, name, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content ?? picture);
  }
  return join(base, name);
}

const images = ({ splits }: Dataset) =>
  SPLIT_NAMES.flatMap((name) => splits[name].items.map(({ image }) => image)).sort();

test('a manifest in a folder: paths are relative to it, splits as given, pixels on demand', async () => {
  const root = await folder('csv', {
    'captions.csv': 'image,caption,split\nimages/a.jpg,one,train\nimages/b.jpg,two,test\n',
    'images/a.jpg': null,
    'images/b.jpg': null,
  });
  for (const path of [root, join(root, 'captions.csv')]) {
    const { dataset, counts, bad } = await checkDataset(await openManifest(path, { seed: 1 }));
    assert.deepEqual(counts, {
      train: { images: 1, captions: 1 },
      val: { images: 0, captions: 0 },
      test: { images: 1, captions: 1 },
    });
    assert.deepEqual(bad, []);
    assert.equal(dataset.splits.test.path(0), join(root, 'images/b.jpg'));
    assert.equal((await dataset.splits.test.pixels(0)).width, 32);
  }
});

test('images can be somewhere else than the manifest', async () => {
  const root = await folder('apart', {
    'lists/a.jsonl': '{"image": "x.jpg", "caption": "one"}',
    'pictures/x.jpg': null,
  });
  const dataset = await openManifest(join(root, 'lists/a.jsonl'), { imageRoot: join(root, 'pictures'), seed: 1 });
  assert.deepEqual(images((await checkDataset(dataset)).dataset), ['x.jpg']);
});

test('images with a text file each, one caption a line, in subfolders too', async () => {
  const root = await folder('texts', {
    'a.jpg': null,
    'a.txt': 'one\n\ntwo\n',
    'deep/b.JPG': null,
    'deep/b.txt': 'three',
  });
  const { dataset } = await checkDataset(await openManifest(root, { seed: 1 }));
  assert.deepEqual(images(dataset), ['a.jpg', 'deep/b.JPG']);
  assert.deepEqual(
    SPLIT_NAMES.flatMap((name) => dataset.splits[name].items.flatMap(({ captions }) => captions)).sort(),
    ['one', 'three', 'two'],
  );
  await folder('texts', { 'c.jpg': null });
  await assert.rejects(openManifest(root, { seed: 1 }).then(checkDataset), /c\.jpg +has no caption +no text file/);
});

const broken = async () =>
  folder('broken', {
    'manifest.jsonl': [
      '{"image": "good.jpg", "caption": "fine"}',
      '{"image": "missing.jpg", "caption": "gone"}',
      '{"image": "empty.jpg", "caption": "nothing inside"}',
      '{"image": "text.jpg", "caption": "not an image"}',
      '{"image": "blank.jpg", "caption": " "}',
      'not json',
      '{"image": "cut.jpg", "caption": "truncated"}',
      '{"image": "also.jpg", "caption": "fine"}',
    ].join('\n'),
    ...{ 'good.jpg': null, 'also.jpg': null, 'blank.jpg': null, 'empty.jpg': '', 'text.jpg': 'hello' },
    'cut.jpg': picture.subarray(0, picture.length / 2),
  });

test('everything wrong is in one error before a job starts, truncation only when looked for', async () => {
  const dataset = await openManifest(await broken(), { seed: 1 });
  await assert.rejects(checkDataset(dataset), (error: Error) => {
    assert.match(error.message, /manifest\.jsonl: 5 entries cannot be used/);
    for (const row of ['2 +missing.jpg +is missing', '3 +empty.jpg +is empty', '4 +text.jpg +cannot be decoded'])
      assert.match(error.message, new RegExp(row));
    for (const row of ['5 +blank.jpg +has an empty caption', '6 +is not a JSON object'])
      assert.match(error.message, new RegExp(row));
    assert.match(error.message, /--skip-bad$/);
    return true;
  });
  await assert.rejects(checkDataset(dataset, { thorough: true }), /6 entries[\s\S]*7 +cut\.jpg +cannot be decoded/);
});

test('with skipBad the good entries remain and the bad ones are reported', async () => {
  const opened = await openManifest(await broken(), { seed: 1, fractions: { train: 1, val: 0, test: 0 } });
  const quick = await checkDataset(opened, { skipBad: true });
  assert.deepEqual(images(quick.dataset), ['also.jpg', 'cut.jpg', 'good.jpg']);
  assert.deepEqual(quick.bad.map(({ line }) => line).sort(), [2, 3, 4, 5, 6]);
  const { dataset, bad } = await checkDataset(opened, { skipBad: true, thorough: true });
  assert.deepEqual(images(dataset), ['also.jpg', 'good.jpg']);
  assert.equal(bad.length, 6);
  for (const name of SPLIT_NAMES)
    for (let i = 0; i < dataset.splits[name].items.length; i++)
      assert.ok(dataset.splits[name].path(i).endsWith(dataset.splits[name].items[i]?.image ?? '?'));
  const none = await folder('none', { 'manifest.jsonl': '{"image": "missing.jpg", "caption": "gone"}' });
  await assert.rejects(
    checkDataset(await openManifest(none, { seed: 1 }), { skipBad: true }),
    /1 entry cannot be used/,
  );
});

test('a truncated image met while training is named with its entry, or replaced', async () => {
  const opened = await openManifest(await broken(), { seed: 1, fractions: { train: 1, val: 0, test: 0 } });
  const { train } = (await checkDataset(opened, { skipBad: true })).dataset.splits;
  const how = {
    order: trainOrder(train, 1, 0),
    ...{ step: 0, batch: 3, seed: 1, epoch: 0 },
    encode: (captions: readonly string[]) => ({
      ids: new Int32Array(captions.length),
      mask: new Int32Array(captions.length),
    }),
    preprocess: { size: 8, mean: CLIP_MEAN, std: CLIP_STD, augment: 'none' },
  } as const;
  await assert.rejects(trainBatch(train, how), /cut\.jpg \(entry 7 of .*manifest\.jsonl\): cannot be decoded/);
  const met: string[] = [];
  const { index } = await trainBatch(train, { ...how, onBad: ({ message }) => met.push(message) });
  assert.equal(met.length, 1);
  assert.ok([...index].every((i) => train.items[i]?.image !== 'cut.jpg'));
});

test('what is no dataset says which layouts are understood', async () => {
  const root = await folder('odd', {
    'notes.md': 'x',
    'a.json': '[]',
    'bare.jsonl': '',
    'latin.csv': Uint8Array.of(0x69, 0xe9),
  });
  await assert.rejects(openManifest(join(root, 'nowhere'), { seed: 1 }), { code: 'file' });
  await assert.rejects(openManifest(root, { seed: 1 }), /holds no images with captions.*manifest\.jsonl/);
  await assert.rejects(openManifest(join(root, 'a.json'), { seed: 1 }), /expected \.jsonl or \.csv/);
  await assert.rejects(openManifest(join(root, 'bare.jsonl'), { seed: 1 }), /holds no images/);
  await assert.rejects(openManifest(join(root, 'latin.csv'), { seed: 1 }), /is not text: expected UTF-8/);
});
