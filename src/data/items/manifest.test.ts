import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failWithFlaws, flawTable } from './flaw.js';
import { parseManifest } from './manifest.js';

const image = (media: string) => ({ media, kind: 'image', questions: [] }) as const;

test('JSON lines: one or many captions, ids, splits, and entries of one file merged', () => {
  const { items, flaws } = parseManifest(
    [
      '\uFEFF{"image": "a.jpg", "caption": "a cat ", "id": 7, "split": "train"}',
      '',
      '{"file_name": "b/c.jpg", "text": ["one", "two"], "split": "Validation"}\r',
      '{"path": "./a.jpg", "captions": ["another cat"], "split": "training"}',
    ].join('\n'),
    'jsonl',
  );
  assert.deepEqual(flaws, []);
  assert.deepEqual(items, [
    { id: '7', ...image('a.jpg'), captions: ['a cat', 'another cat'], line: 1, split: 'train' },
    { id: 'b/c.jpg', ...image('b/c.jpg'), captions: ['one', 'two'], line: 3, split: 'val' },
  ]);
});

test('CSV: quoted commas, quotes and line breaks, several rows for one file, columns in any order', () => {
  const { items, flaws } = parseManifest(
    '\uFEFFsentence,Filename\n"a cat, asleep",a.jpg\n"say ""hi""\nnow",b.jpg\nawake,a.jpg\n',
    'csv',
  );
  assert.deepEqual(flaws, []);
  assert.deepEqual(items, [
    { id: 'a.jpg', ...image('a.jpg'), captions: ['a cat, asleep', 'awake'], line: 2 },
    { id: 'b.jpg', ...image('b.jpg'), captions: ['say "hi"\nnow'], line: 4 },
  ]);
});

test('JSON lines: everything that is wrong is collected, and the good entries remain', () => {
  const lines = [
    '{"image": "a.jpg", "caption": "fine", "id": "x"}',
    '{"image": "b.jpg", "caption": ',
    '["c.jpg", "a list"]',
    '{"caption": "no file"}',
    '{"image": "d.jpg"}',
    '{"image": "e.jpg", "caption": "  "}',
    '{"image": "f.jpg", "captions": ["good", null, ""]}',
    '{"image": "g.jpg", "caption": "same id", "id": "x"}',
    '{"image": "h.jpg", "caption": "split", "split": "holdout"}',
    '{"image": "a.jpg", "caption": "other split", "split": "test"}',
  ];
  const { items, flaws } = parseManifest(lines.join('\n'), 'jsonl');
  assert.deepEqual(
    flaws.map(({ line, what }) => `${line} ${what}`),
    [
      '2 is not a JSON object',
      '3 is not a JSON object',
      '4 names no file',
      '5 has an empty caption',
      '6 has an empty caption',
      '7 has an empty caption',
      '7 has an empty caption',
      '8 repeats an id',
      '9 has an unknown split',
      '10 puts a file into a second split',
    ],
  );
  assert.deepEqual(
    items.map(({ media, captions }) => [media, ...captions]),
    [
      ['a.jpg', 'fine'],
      ['f.jpg', 'good'],
    ],
  );
});

test('CSV: a wrong header, a wrong number of columns and an open quote name their line', () => {
  const lineAndWhat = (text: string) => parseManifest(text, 'csv').flaws.map(({ line, what }) => `${line} ${what}`);
  assert.deepEqual(lineAndWhat('a.jpg,a cat\nb.jpg,a dog'), ['1 names no file or no text column']);
  assert.deepEqual(lineAndWhat(''), ['1 names no file or no text column']);
  assert.deepEqual(lineAndWhat('image,caption\na.jpg,a cat, asleep\nb.jpg\nc.jpg,\nd.jpg,fine'), [
    '2 has another number of columns',
    '3 has another number of columns',
    '4 has an empty caption',
  ]);
  assert.deepEqual(lineAndWhat('image,caption\na.jpg,fine\nb.jpg,"open\nc.jpg,fine'), ['3 is not CSV']);
});

test('an item without split among items with one is a flaw, not a guess', () => {
  const { items, flaws } = parseManifest('image,caption,split\na.jpg,one,test\nb.jpg,two,', 'csv');
  assert.deepEqual(
    items.map(({ media }) => media),
    ['a.jpg'],
  );
  assert.match(flaws[0]?.what ?? '', /has no split/);
});

test('a column or field says whether it is of images or clips; another name leaves it to the extension', () => {
  const kinds = (...rows: readonly object[]) =>
    parseManifest(rows.map((row) => JSON.stringify({ caption: 'c', ...row })).join('\n'), 'jsonl').items.map(
      ({ media, kind }) => `${media} ${kind}`,
    );
  assert.deepEqual(
    kinds(
      ...[{ image: 'a.gif' }, { image_path: 'frames' }, { video: 'a.webp' }, { clip_name: 'clips/b' }],
      ...[{ file: 'c.jpg' }, { media: 'c.MP4' }, { path: 'frames/c' }],
    ),
    [
      ...['a.gif image', 'frames image', 'a.webp video', 'clips/b video'],
      ...['c.jpg image', 'c.MP4 video', 'frames/c video'],
    ],
  );
  const { items } = parseManifest('clip,caption\na.jpg,one\n./a.jpg,two\n', 'csv');
  assert.deepEqual(items, [
    { id: 'a.jpg', media: 'a.jpg', kind: 'video', captions: ['one', 'two'], questions: [], line: 2 },
  ]);
});

test('a path that is no text or blank is a flaw, whichever field it is in', () => {
  const { items, flaws } = parseManifest('{"video": 7, "caption": "c"}\n{"file": " ", "caption": "c"}', 'jsonl');
  assert.deepEqual(items, []);
  assert.deepEqual(
    flaws.map(({ what, got }) => `${what}: ${got}`),
    ['names no file: 7', 'names no file: " "'],
  );
});

test('the table shows twenty flaws in the order of their lines, counts the rest, and the error says what to do', () => {
  const flaws = Array.from({ length: 25 }, (_, i) => ({
    line: 25 - i,
    what: 'w',
    got: 'g'.repeat(100),
    expected: 'e',
  }));
  const lines = flawTable(flaws).split('\n');
  assert.equal(lines.length, 1 + 20 + 1);
  assert.match(lines[1] ?? '', /^ {2}1 .* w {5}g{59}… {2}e$/);
  assert.match(lines.at(-1) ?? '', /5 more/);
  assert.throws(
    () => failWithFlaws('m.csv', flaws),
    /^UniAdapterError: m\.csv: 25 entries cannot be used[\s\S]*--skip-bad$/,
  );
});

test('splits and ids that are no words are flaws, whatever they hold', () => {
  const lines = [
    '{"image":"a.jpg","caption":"a","split":"train"}',
    '{"image":"b.jpg","caption":"b","split":"constructor"}',
    '{"image":"c.jpg","caption":"c","split":"__proto__"}',
    '{"image":"d.jpg","caption":"d","split":{"toString":"what"}}',
    '{"image":"e.jpg","caption":"e","split":"val","id":{"toString":1,"valueOf":2}}',
    `{"image":"f.jpg","caption":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  ];
  const { items, flaws } = parseManifest(lines.join('\n'), 'jsonl');
  assert.deepEqual(
    items.map(({ media }) => media),
    ['a.jpg'],
  );
  assert.equal(flaws.length, 5);
});
