import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { fail } from '../../error/index.js';
import { CLIP_MEAN, CLIP_STD, pixels } from '../image/index.js';
import { SPLIT_NAMES, trainBatch, trainOrder } from '../items/index.js';
import type { Decoder } from '../video/index.js';
import { checkDataset, type Dataset, kept, openDataset } from './dataset.js';

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

const mediaOf = ({ splits }: Dataset) =>
  SPLIT_NAMES.flatMap((name) => splits[name].items.map(({ media }) => media)).sort();
const trainAll = { seed: 1, fractions: { train: 1, val: 0, test: 0 } };

test('a manifest in a folder: paths are relative to it, splits as given, frames on demand', async () => {
  const root = await folder('csv', {
    'captions.csv': 'image,caption,split\nimages/a.jpg,one,train\nimages/b.jpg,two,test\n',
    'images/a.jpg': null,
    'images/b.jpg': null,
  });
  for (const path of [root, join(root, 'captions.csv')]) {
    const { dataset, bad } = await checkDataset(await openDataset(path, { seed: 1 }));
    assert.deepEqual(
      SPLIT_NAMES.map((name) => dataset.splits[name].items.map(({ captions }) => captions)),
      [[['one']], [], [['two']]],
    );
    assert.deepEqual(bad, []);
    assert.equal(dataset.splits.test.path(0), join(root, 'images/b.jpg'));
    assert.equal((await dataset.splits.test.frames(0, [0.5]))[0]?.width, 32);
  }
});

test('files can be somewhere else than the manifest', async () => {
  const root = await folder('apart', {
    'lists/a.jsonl': '{"image": "x.jpg", "caption": "one"}',
    'pictures/x.jpg': null,
  });
  const dataset = await openDataset(join(root, 'lists/a.jsonl'), { mediaRoot: join(root, 'pictures'), seed: 1 });
  assert.deepEqual(mediaOf((await checkDataset(dataset)).dataset), ['x.jpg']);
});

test('images and clips with a text file each, one caption a line, in subfolders too', async () => {
  const root = await folder('texts', {
    'a.jpg': null,
    'a.txt': 'one\n\ntwo\n',
    'deep/b.JPG': null,
    'deep/b.txt': 'three',
    'deep/c.gif': null,
    'deep/c.txt': 'four',
    'moving.webp': await sharp([picture, await sharp(picture).negate().toBuffer()], { join: { animated: true } })
      .webp()
      .toBuffer(),
    'moving.txt': 'five',
    '._a.jpg': 'of another program',
  });
  const { dataset } = await checkDataset(await openDataset(root, { seed: 1 }));
  assert.deepEqual(mediaOf(dataset), ['a.jpg', 'deep/b.JPG', 'deep/c.gif', 'moving.webp']);
  const kinds = SPLIT_NAMES.flatMap((name) => dataset.splits[name].items.map(({ media, kind }) => [media, kind]));
  assert.deepEqual(Object.fromEntries(kinds), {
    ...{ 'a.jpg': 'image', 'deep/b.JPG': 'image' },
    ...{ 'deep/c.gif': 'video', 'moving.webp': 'video' },
  });
  assert.deepEqual(
    SPLIT_NAMES.flatMap((name) => dataset.splits[name].items.flatMap(({ captions }) => captions)).sort(),
    ['five', 'four', 'one', 'three', 'two'],
  );
  await folder('texts', { 'c.jpg': null });
  await assert.rejects(openDataset(root, { seed: 1 }).then(checkDataset), /c\.jpg +has no caption +no text file/);
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

test('everything wrong is in one error before a job starts, cut-off files too', async () => {
  const dataset = await openDataset(await broken(), { seed: 1 });
  const progress: string[] = [];
  const onProgress = (done: number, all: number) => progress.push(`${done}/${all}`);
  await assert.rejects(checkDataset(dataset, { onProgress }), (error: Error) => {
    assert.match(error.message, /manifest\.jsonl: 6 entries cannot be used/);
    for (const row of ['2 +missing.jpg +is missing', '3 +empty.jpg +is empty', '4 +text.jpg +cannot be decoded'])
      assert.match(error.message, new RegExp(row));
    for (const row of [
      '5 +blank.jpg +has an empty caption',
      '6 +is not a JSON object',
      '7 +cut.jpg +cannot be decoded',
    ])
      assert.match(error.message, new RegExp(row));
    assert.match(error.message, /--skip-bad$/);
    return true;
  });
  assert.deepEqual(progress, ['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
});

/** A decoder that counts what it is asked for. */
function countingDecoder(bad: string) {
  const asked = { frames: 0, probe: 0 };
  const look = (path: string) => path.endsWith(bad) && fail('data', { where: path, what: 'is bad' });
  const decoder: Decoder = {
    async frames(path, positions) {
      asked.frames++;
      look(path);
      return positions.map(() => pixels(1, 1, new Uint8Array(3)));
    },
    async probe(path) {
      asked.probe++;
      look(path);
      return { kind: 'image', width: 1, height: 1, frames: 1, seconds: 0 };
    },
  };
  return { decoder, asked };
}

test('files are decoded once before a job starts, or, where that would take too long, their headers read', async () => {
  const lines = (n: number) => Array.from({ length: n }, (_, i) => `{"image": "${i}.jpg", "caption": "c"}`).join('\n');
  for (const [n, expected] of [
    [20_000, { frames: 20_000, probe: 0 }],
    [20_001, { frames: 0, probe: 20_001 }],
  ] as const) {
    const root = await folder(`large ${n}`, { 'manifest.jsonl': lines(n) });
    const { decoder, asked } = countingDecoder('/12345.jpg');
    const { dataset, bad } = await checkDataset(await openDataset(root, { seed: 1, decoder }), { skipBad: true });
    assert.deepEqual(asked, expected);
    assert.deepEqual(
      bad.map(({ line, media, what }) => [line, media, what]),
      [[12346, '12345.jpg', 'is bad']],
    );
    assert.equal(mediaOf(dataset).length, n - 1);
  }
});

test('with skipBad the good entries remain, each with its own file, and the bad ones are reported', async () => {
  const opened = await openDataset(await broken(), trainAll);
  const { dataset, bad } = await checkDataset(opened, { skipBad: true });
  assert.deepEqual(mediaOf(dataset), ['also.jpg', 'good.jpg']);
  assert.deepEqual(bad.map(({ line }) => line).sort(), [2, 3, 4, 5, 6, 7]);
  const { train } = dataset.splits;
  for (const [i, { media }] of train.items.entries()) {
    assert.ok(train.path(i).endsWith(media));
    assert.equal((await train.frames(i, [0.5]))[0]?.width, 32);
  }
  const none = await folder('none', { 'manifest.jsonl': '{"image": "missing.jpg", "caption": "gone"}' });
  await assert.rejects(checkDataset(await openDataset(none, { seed: 1 }), { skipBad: true }), /1 entry cannot be used/);
});

test('a benchmark whose images are all missing is one error, however many there are', async () => {
  const probe = async (where: string) => fail('file', { where, what: 'is missing' });
  const root = await folder('huge', {
    'manifest.jsonl': Array.from({ length: 200_000 }, (_, i) => `{"image": "${i}.jpg", "caption": "c"}`).join('\n'),
  });
  const opened = await openDataset(root, { ...trainAll, decoder: { probe, frames: probe } });
  await assert.rejects(checkDataset(opened), /200000 entries cannot be used\n[\s\S]*… and 199980 more/);
});

test('a part of a split keeps the files of its items', async () => {
  const { train } = (await openDataset(await broken(), trainAll)).splits;
  const part = kept(train, ({ media }) => media === 'good.jpg' || media === 'cut.jpg');
  assert.deepEqual(
    part.items.map(({ media }, i) => [media, part.path(i) === join(base, 'broken', media)]),
    [
      ['good.jpg', true],
      ['cut.jpg', true],
    ],
  );
});

test('a file that breaks while training is named with its entry, or replaced', async () => {
  const opened = await openDataset(await broken(), trainAll);
  const train = kept(opened.splits.train, ({ media }) => ['good.jpg', 'also.jpg', 'cut.jpg'].includes(media));
  const how = {
    order: trainOrder(train.items, ({ captions }) => captions.length, 1, 0),
    ...{ step: 0, batch: 3, seed: 1, epoch: 0, frames: null, jitter: false },
    preprocess: { size: 8, mean: CLIP_MEAN, std: CLIP_STD, augment: 'none' },
  } as const;
  await assert.rejects(trainBatch(train, how), /cut\.jpg \(entry 7 of .*manifest\.jsonl\): cannot be decoded/);
  const met: string[] = [];
  const { samples } = await trainBatch(train, { ...how, onBad: ({ message }) => met.push(message) });
  assert.equal(met.length, 1);
  assert.ok(samples.every(({ item }) => train.items[item]?.media !== 'cut.jpg'));
});

test('what is no dataset says which layouts are understood', async () => {
  const root = await folder('odd', {
    'notes.md': 'x',
    'a.json': '[]',
    'bare.jsonl': '',
    'latin.csv': Uint8Array.of(0x69, 0xe9),
  });
  await assert.rejects(openDataset(join(root, 'nowhere'), { seed: 1 }), { code: 'file' });
  await assert.rejects(openDataset(root, { seed: 1 }), /holds no images or clips with captions.*manifest\.jsonl/);
  await assert.rejects(openDataset(join(root, 'a.json'), { seed: 1 }), /expected \.jsonl or \.csv/);
  await assert.rejects(openDataset(join(root, 'bare.jsonl'), { seed: 1 }), /holds nothing to learn from/);
  await assert.rejects(openDataset(join(root, 'latin.csv'), { seed: 1 }), /is not text: expected UTF-8/);
});
