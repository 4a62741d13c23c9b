// Files whose content is their size, `320x240 10` for a clip of ten seconds, read by a decoder that believes it.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fail } from '../../error/index.js';
import { openDataset } from '../dataset/dataset.js';
import type { Decoder, MediaInfo } from '../video/index.js';
import { checkData, type DataCheckOptions } from './check.js';
import type { Finding } from './findings.js';

let base = '';
let folders = 0;
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'check-'));
});
after(() => rm(base, { recursive: true }));

/** Truncated files can be asked what they are, but not decoded. */
function fakeDecoder(decoded: string[] = []): Decoder {
  const probe = async (path: string): Promise<MediaInfo> => {
    if (
      await stat(path).then(
        () => false,
        () => true,
      )
    )
      fail('file', { where: path, what: 'is missing', got: 'no such file' });
    if ((await stat(path)).isDirectory()) return { kind: 'frames', width: 64, height: 48, frames: 9, seconds: null };
    const [, width, height, seconds] = /^(\d+)x(\d+)(?: (\d+))?/.exec(await readFile(path, 'utf8')) ?? [];
    if (width === undefined) fail('data', { where: path, what: 'cannot be decoded', got: 'noise' });
    const kind = seconds === undefined ? 'image' : 'video';
    return { kind, width: Number(width), height: Number(height), frames: null, seconds: Number(seconds ?? 0) };
  };
  return {
    probe,
    async frames(path) {
      decoded.push(path);
      if (!(await stat(path)).isDirectory() && (await readFile(path, 'utf8')).includes('cut'))
        fail('data', { where: path, what: 'is truncated' });
      return [];
    },
  };
}

/** Checks a manifest with the given lines and files. */
async function check(
  lines: readonly Readonly<Record<string, unknown>>[],
  files: Readonly<Record<string, string>>,
  options: Partial<DataCheckOptions> = {},
  decoder = fakeDecoder(),
) {
  const root = join(base, `${++folders}`);
  for (const [path, content] of Object.entries({
    ...files,
    'manifest.jsonl': lines.map((line) => JSON.stringify(line)).join('\n'),
  })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const dataset = await openDataset(root, { seed: 1, decoder });
  return checkData(dataset, {
    task: 'retrieval',
    answers: null,
    leftOut: [],
    readings: null,
    quick: false,
    skipBad: false,
    onProgress: () => {},
    ...options,
  });
}

/** Without the folder that differs from test to test. */
const told = (findings: readonly Finding[]) =>
  findings.map(({ severity, kind, count, what, examples }) =>
    `${severity} ${kind}: ${count} ${what}: ${examples.join('; ')}`.replaceAll(`${join(base, `${folders}`)}/`, ''),
  );

const GOOD = [
  { image: 'a.jpg', captions: ['one two', 'three'], split: 'train' },
  { image: 'b.jpg', captions: ['one two three four'], split: 'val' },
  { video: 'c.mp4', captions: ['one'], split: 'test' },
  { video: 'd', captions: ['one'], split: 'test' },
];
const FILES = { 'a.jpg': '640x480', 'b.jpg': '320x480', 'c.mp4': '320x240 12', 'd/1.jpg': '' };

test('a good dataset has no findings; splits, texts and media are counted', async () => {
  const { source, findings, ...report } = await check(GOOD, FILES);
  assert.deepEqual(findings, []);
  assert.match(source, /manifest\.jsonl$/);
  const one = { items: 1, captions: 1, questions: 0, byType: {} };
  assert.deepEqual(report, {
    splits: { train: { ...one, captions: 2 }, val: one, test: { ...one, items: 2, captions: 2 } },
    captionsPerItem: { min: 1, median: 1, mean: 1.25, max: 2, histogram: [3, 1] },
    wordsPerCaption: { min: 1, median: 1, mean: 9 / 5, max: 4 },
    media: {
      kinds: { image: 2, video: 1, frames: 1 },
      width: { min: 64, median: 320, mean: (640 + 320 + 320 + 64) / 4, max: 640 },
      height: { min: 48, median: 360, mean: (480 + 480 + 240 + 48) / 4, max: 480 },
      seconds: { min: 12, median: 12, mean: 12, max: 12 },
    },
    ...{ answers: null, readings: null, thorough: true },
    blind: {
      val: [
        { name: 'textToMedia R@1', n: 1, baselines: { chance: 100 } },
        { name: 'mediaToText R@1', n: 1, baselines: { chance: 100 } },
      ],
      test: [
        { name: 'textToMedia R@1', n: 2, baselines: { chance: 50 } },
        { name: 'mediaToText R@1', n: 2, baselines: { chance: 50 } },
      ],
    },
    few: [
      '1 item of val are too few for a score: a share of them is known to ±45 points',
      '2 items of test are too few for a score: a share of them is known to ±41 points',
    ],
  });
});

const BAD = [
  ...GOOD,
  { image: 'gone.jpg', caption: 'x', split: 'train' },
  { image: 'noise.jpg', caption: 'x', split: 'train' },
  { video: 'cut.mp4', caption: 'x', split: 'train' },
  { image: 'e.jpg', caption: '', split: 'train' },
];
const BAD_FILES = { ...FILES, 'noise.jpg': 'what', 'cut.mp4': '64x64 3 cut', 'e.jpg': '1x1' };

test('entries and files that cannot be used are errors, each kind with its examples', async () => {
  const expected = [
    'entries: 1 entry cannot be used: 8 e.jpg has an empty caption: got "", expected words',
    'missing: 1 file is missing: gone.jpg (train, entry 5)',
    'unreadable: 2 files cannot be read: noise.jpg (train, entry 6): cannot be decoded: noise; cut.mp4 (train, entry 7): is truncated',
  ];
  const { findings } = await check(BAD, BAD_FILES);
  assert.deepEqual(
    told(findings),
    expected.map((line) => `error ${line}`),
  );
  const skipped = await check(BAD, BAD_FILES, { skipBad: true });
  assert.deepEqual(
    told(skipped.findings),
    expected.map((line) => `warning ${line}`),
  );
});

test('a quick check decodes and compares nothing, and so does not see what is cut off or there twice', async () => {
  const decoded: string[] = [];
  const files = { ...BAD_FILES, 'b.jpg': '640x480' };
  const quick = await check(BAD, files, { quick: true }, fakeDecoder(decoded));
  assert.deepEqual([decoded, quick.thorough], [[], false]);
  assert.deepEqual(
    quick.findings.map(({ kind, count }) => [kind, count]),
    [
      ['entries', 1],
      ['missing', 1],
      ['unreadable', 1],
    ],
  );
});

test('the same content in two splits is an error, twice in one a warning; files of one size are told apart', async () => {
  const lines = [
    ...GOOD,
    { image: 'a2.jpg', caption: 'x', split: 'train' },
    { image: 'b2.jpg', caption: 'x', split: 'test' },
    { image: 'other.jpg', caption: 'x', split: 'train' },
  ];
  const files = { ...FILES, 'a2.jpg': FILES['a.jpg'], 'b2.jpg': FILES['b.jpg'], 'other.jpg': '640x488' };
  const { findings } = await check(lines, files);
  assert.deepEqual(told(findings), [
    'error leakage: 1 content is in several splits: val b.jpg = test b2.jpg',
    'warning duplicates: 1 content is several times in one split: train a.jpg = train a2.jpg',
  ]);
});

test('several questions about one image are no duplicates; answers outside of the list are counted', async () => {
  const ask = (image: string, split: string, answer: unknown) => ({ image, question: 'what?', answer, split });
  const lines = [
    ask('a.jpg', 'train', 'red'),
    ask('a.jpg', 'train', 'blue'),
    { image: 'a.jpg', question: 'nobody knows?', split: 'train' },
    ask('b.jpg', 'val', ['red', 'red', 'two']),
    ask('b.jpg', 'val', 'three'),
    ask('b.jpg', 'val', 'three'),
    ask('c.jpg', 'test', 'blue'),
  ];
  const files = { 'a.jpg': '1x1', 'b.jpg': '1x2', 'c.jpg': '1x3' };
  const { answers, findings } = await check(lines, files, { answers: ['red', 'blue'] });
  assert.deepEqual(answers, {
    list: 2,
    coverage: {
      val: { questions: 3, covered: 1, uncovered: [['three', 2]] },
      test: { questions: 1, covered: 1, uncovered: [] },
    },
  });
  assert.deepEqual(told(findings), [
    'warning answers: 1 training item has questions without answers, which are left out: a.jpg (train, entry 1)',
    'warning answers: 1 split has most of its answers outside of the list: val: 1 of 3 questions are covered',
  ]);
});

test('an empty training split is an error, the others are warnings; what is bad does not fill a split', async () => {
  const lines = [
    { image: 'gone.jpg', caption: 'x', split: 'train' },
    { image: 'a.jpg', caption: 'x', split: 'val' },
  ];
  const { findings } = await check(lines, { 'a.jpg': '1x1' }, { skipBad: true });
  assert.deepEqual(told(findings), [
    'error splits: 1 split is empty: there is nothing to train with: train',
    'warning missing: 1 file is missing: gone.jpg (train, entry 1)',
    'warning splits: 1 split is empty: there are no final scores: test',
  ]);
});

test('of many findings five are examples, and progress reaches its end', async () => {
  const lines = Array.from({ length: 9 }, (_, i) => ({ image: `${i}.jpg`, caption: 'x', split: 'train' }));
  const steps: string[] = [];
  const onProgress = (title: string, done: number, all: number) => steps.push(`${title} ${done}/${all}`);
  const { findings } = await check(lines, { '7.jpg': '1x1', '8.jpg': '1x1' }, { onProgress });
  assert.deepEqual([findings[0]?.count, findings[0]?.examples.length], [7, 5]);
  assert.equal(steps[8], 'looking at files 9/9');
  assert.equal(steps.at(-1), 'comparing files 2/2');
});
