// fixtures/: made-up entries in exactly the form of the official files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Flaw, Item, Manifest, Split } from '../items/index.js';
import type { Annotations, Part } from './annotations.js';
import { parseBlipCaptions } from './blip-captions.js';
import { parseBlipVqa } from './blip-vqa.js';
import { parseDidemo } from './didemo.js';
import { parseKarpathy } from './karpathy.js';
import { type MsrvttFiles, type MsrvttVariant, parseMsrvtt } from './msrvtt.js';
import { parseMsrvttQa } from './msrvtt-qa.js';
import { parseVisualGenome } from './visual-genome.js';
import { parseVqa } from './vqa.js';

const SPLITS = ['train', 'val', 'test'] as const;

/** A fixture, by its path. */
function file(path: string): Annotations {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { name, text: readFileSync(new URL(`fixtures/${path}`, import.meta.url), 'utf8') };
}

/** Made here. */
const written = (name: string, content: unknown): Annotations => ({ name, text: JSON.stringify(content) });

const parts = (nameOf: (split: Split) => string): Part[] =>
  SPLITS.map((split) => ({ split, file: file(nameOf(split)) }));

/** Everything was usable. */
function itemsOf({ items, flaws }: Manifest): readonly Item[] {
  assert.deepEqual(flaws, []);
  return items;
}

const splitsOf = (items: readonly Item[]) =>
  Object.fromEntries(SPLITS.map((split) => [split, items.filter((item) => item.split === split).map(({ id }) => id)]));

const captionsById = (items: readonly Item[]) => Object.fromEntries(items.map(({ id, captions }) => [id, captions]));
const told = (flaws: readonly Flaw[]) =>
  flaws.map(({ source, line, what, got }) => `${source ?? '–'} ${line} ${what}: ${got}`);

test('Karpathy’s COCO: paths have their folder, ids are COCO’s numbers, restval trains', () => {
  const items = itemsOf(parseKarpathy(file('coco/dataset_coco.json')));
  assert.deepEqual(splitsOf(items), { train: ['202', '404'], val: ['303'], test: ['101'] });
  assert.deepEqual(items[0], {
    ...{ id: '101', media: 'val2014/COCO_val2014_000000000101.jpg', kind: 'image', split: 'test', line: 1 },
    ...{ captions: ['A kite over the dunes.', 'Someone flies a kite.'], questions: [] },
  });
});

test('Karpathy’s Flickr30K has no folders, and ids are file names', () => {
  const items = itemsOf(parseKarpathy(file('flickr30k/dataset_flickr30k.json')));
  assert.deepEqual(splitsOf(items), { train: ['1000000001'], val: ['1000000002'], test: ['1000000003'] });
  assert.deepEqual(items[0]?.media, '1000000001.jpg');
});

for (const [name, karpathy, blip] of [
  ['COCO', 'coco/dataset_coco.json', 'coco-blip/coco_karpathy'],
  ['Flickr30K', 'flickr30k/dataset_flickr30k.json', 'flickr30k-blip/flickr30k'],
] as const)
  test(`BLIP’s files of ${name} say the same as Karpathy’s`, () => {
    const theirs = itemsOf(parseBlipCaptions(parts((split) => `${blip}_${split}.json`)));
    const his = itemsOf(parseKarpathy(file(karpathy)));
    assert.deepEqual(captionsById(theirs), captionsById(his));
    const sorted = (items: readonly Item[]) => splitsOf(items.toSorted((a, b) => Number(a.id) - Number(b.id)));
    assert.deepEqual(sorted(theirs), sorted(his));
  });

test('an image without split, name or captions is a flaw, and the others are read', () => {
  const sentences = [{ raw: 'fine' }, { raw: ' ' }];
  const images = [
    { filename: 'a.jpg', split: 'train', sentences },
    { filename: 'b.jpg', split: 'tain', sentences },
    { split: 'train', sentences },
    { filename: 'd.jpg', split: 'val', sentences: [] },
    'e.jpg',
  ];
  const { items, flaws } = parseKarpathy(written('k.json', { images }));
  assert.deepEqual(captionsById(items), { a: ['fine'] });
  assert.deepEqual(told(flaws), [
    'k.json 5 is no entry: "e.jpg"',
    'k.json 1 has an empty caption: " "',
    'k.json 2 has an unknown split: "tain"',
    'k.json 3 has no filename: nothing',
    'k.json 4 has an empty caption: nothing',
  ]);
});

const msrvtt = (variant: MsrvttVariant, files: Partial<MsrvttFiles> = {}): Manifest =>
  parseMsrvtt(
    {
      captions: [file('msrvtt/MSRVTT_data.json')],
      test: file('msrvtt/MSRVTT_JSFUSION_test.csv'),
      train: null,
      ...files,
    },
    variant,
  );

const EARLY = ['video0', 'video6512', 'video6513', 'video7009'];

test('MSR-VTT 1k-A: the test clips have their one caption, all others train', () => {
  const items = itemsOf(msrvtt('1k-A'));
  assert.deepEqual(splitsOf(items), { train: [...EARLY, 'video7010'], val: [], test: ['video7020', 'video9999'] });
  const captions = captionsById(items);
  assert.deepEqual(captions.video9999, ['a robot, sorting screws']);
  assert.deepEqual(captions.video7010, ['a boat race', 'boats on a river']);
  assert.ok(items.every(({ kind, media, id }) => kind === 'video' && media === id));
});

test('MSR-VTT 7k trains on the official training and validation clips, full has all captions everywhere', () => {
  assert.deepEqual(splitsOf(itemsOf(msrvtt('7k'))), { train: EARLY, val: [], test: ['video7020', 'video9999'] });
  const full = itemsOf(msrvtt('full'));
  assert.deepEqual(splitsOf(full), {
    train: ['video0', 'video6512'],
    val: ['video6513', 'video7009'],
    test: ['video7010', 'video7020', 'video9999'],
  });
  assert.ok(full.every(({ captions }) => captions.length === 2));
});

test('MSR-VTT: lists, the two official files, BLIP’s test and MSR_VTT.json say the same', () => {
  const expected = { '1k-A': itemsOf(msrvtt('1k-A')), '7k': itemsOf(msrvtt('7k')) };
  const official = ['train_val', 'test'].map((part) => file(`msrvtt-official/${part}_videodatainfo.json`));
  const { sentences } = JSON.parse(file('msrvtt/MSRVTT_data.json').text);
  const annotations = sentences.map((one: Record<string, string>) => ({
    image_id: one.video_id,
    caption: one.caption,
  }));
  for (const [variant, size] of [
    ['1k-A', '9k'],
    ['7k', '7k'],
  ] as const)
    for (const files of [
      { train: file(`msrvtt/MSRVTT_train.${size}.csv`) },
      { captions: official, test: file('msrvtt-official/msrvtt_test.jsonl') },
      { captions: [written('MSR_VTT.json', { annotations })] },
    ]) {
      const items = itemsOf(msrvtt(variant, files));
      assert.deepEqual(splitsOf(items), splitsOf(expected[variant]));
      assert.deepEqual(captionsById(items), captionsById(expected[variant]));
    }
});

test('MSR-VTT: clips of a list that have no captions, or train and test, are flaws', () => {
  const train = { name: 'train.csv', text: 'video_id\nvideo0\nvideo7020\nvideo1\n' };
  const { items, flaws } = msrvtt('1k-A', { train });
  assert.deepEqual(splitsOf(items).train, ['video0']);
  assert.deepEqual(told(flaws), [
    'train.csv 4 is a clip without captions: none',
    '– 11 puts a file into a second split: train',
  ]);
  const half = msrvtt('1k-A', { captions: [file('msrvtt-official/train_val_videodatainfo.json')] });
  assert.deepEqual(half.flaws, [], 'test clips have captions in their list');
});

test('DiDeMo: all descriptions of a clip are one caption, in the order of the file', () => {
  const items = itemsOf(parseDidemo(parts((split) => `didemo/${split}_data.json`)));
  assert.deepEqual(captionsById(items), {
    '11@N01_1_a.mov': ['the cat jumps down first we see the cat'],
    '22@N02_2_b.avi': ['a bus passes.'],
    '33@N03_3_c.mp4': ['the swing goes up'],
    '44@N04_4_d': ['hands clap. the singer bows'],
  });
  assert.ok(items.every(({ kind }) => kind === 'video'));
});

test('MSRVTT-QA: questions by clip with one answer, typed by their question word; ClipBERT’s file says the same', () => {
  const items = itemsOf(parseMsrvttQa(parts((split) => `msrvtt-qa/${split}_qa.json`)));
  assert.deepEqual(items[0], {
    ...{ id: 'video0', media: 'video0', kind: 'video', captions: [], split: 'train', line: 1 },
    questions: [
      { id: '0', question: 'what is the man sawing?', answers: ['wood'], type: 'what' },
      { id: '2', question: 'what is cut?', answers: ['board'], type: 'what' },
    ],
  });
  const types = items.flatMap(({ questions }) => questions.map(({ type }) => type));
  assert.deepEqual(types, ['what', 'what', 'who', 'how', 'where', 'when']);
  const clipbert = itemsOf(parseMsrvttQa(parts((split) => `msrvtt-qa-clipbert/${split}.jsonl`)));
  const plain = (all: readonly Item[]) =>
    all.map((item) => ({ ...item, questions: item.questions.map((question) => ({ ...question, id: '' })) }));
  assert.deepEqual(plain(clipbert), plain(items));
  const ids = clipbert.flatMap(({ questions }) => questions.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
});

const vqa = (name: string, isTest = false) => ({
  questions: file(`vqav2/v2_OpenEnded_mscoco_${name}_questions.json`),
  annotations: isTest ? null : file(`vqav2/v2_mscoco_${name}_annotations.json`),
});

test('VQA v2: ten answers and the answer’s type; of the test only questions', () => {
  const items = itemsOf(
    parseVqa([
      { split: 'train', ...vqa('train2014') },
      { split: 'val', ...vqa('val2014') },
      { split: 'test', ...vqa('test2015', true) },
    ]),
  );
  assert.deepEqual(splitsOf(items), { train: ['404'], val: ['101', '303'], test: ['505'] });
  const [first, , , last] = items;
  assert.equal(first?.media, 'train2014/COCO_train2014_000000000404.jpg');
  assert.deepEqual(first?.questions[0], {
    ...{ id: '404000', question: 'What is in the fog?', type: 'other' },
    answers: [...Array(8).fill('tram'), 'train', 'bus'],
  });
  assert.equal(last?.media, 'test2015/COCO_test2015_000000000505.jpg');
  assert.deepEqual(last?.questions[1], { id: '505001', question: 'Is there a dog?', answers: [] });
});

test('VQA v2: a question without annotation, and files of another form, are flaws', () => {
  const { questions } = vqa('train2014');
  const answers = Array(10).fill({ answer: 'yes' });
  const annotations = [
    { question_id: 404001, answers },
    { question_id: 404000, answers: [{ answer: '' }] },
  ];
  const partly = parseVqa([{ split: 'train', questions, annotations: written('a.json', { annotations }) }]);
  assert.deepEqual(
    partly.items.flatMap((item) => item.questions.map(({ id }) => id)),
    ['404001'],
  );
  assert.deepEqual(told(partly.flaws), [
    'a.json 2 has an empty answer: [{"answer":""}]',
    'v2_OpenEnded_mscoco_train2014_questions.json 1 has no annotation: question 404000',
  ]);
  const swapped = parseVqa([{ split: 'train', questions: written('q.json', []), annotations: null }]);
  assert.deepEqual(told(swapped.flaws), [
    'q.json 1 does not say whose images: q.json',
    'q.json 1 is of another form: a list',
  ]);
});

test('Visual Genome’s questions train with a weight of 0.2, and their answers look like those of VQA', () => {
  const [only, ...none] = itemsOf(parseVisualGenome(file('vqav2/question_answers.json')));
  assert.deepEqual(none, []);
  assert.deepEqual(only, {
    ...{ id: 'vg/4', media: '4.jpg', kind: 'image', captions: [], split: 'train', line: 1 },
    questions: [
      { id: 'vg/9001', question: 'Where is the couch?', answers: ['in a room'], weight: 0.2 },
      { id: 'vg/9002', question: 'What color is it?', answers: ['purple'], weight: 0.2 },
    ],
  });
});

test('BLIP’s files of VQA v2 say the same as the official ones, but for the type of the answer', () => {
  const of = (split: Split, name: string) => ({ split, file: file(`vqav2-blip/${name}.json`) });
  const theirs = itemsOf(
    parseBlipVqa([of('train', 'vqa_train'), of('train', 'vqa_val'), of('train', 'vg_qa'), of('test', 'vqa_test')]),
  );
  const official = itemsOf(
    parseVqa([
      { split: 'train', ...vqa('train2014') },
      { split: 'train', ...vqa('val2014') },
      { split: 'test', ...vqa('test2015', true) },
    ]),
  );
  const untyped = official.map((item) => ({
    ...item,
    questions: item.questions.map(({ type: _, ...question }) => question),
  }));
  assert.deepEqual(
    theirs.filter(({ id }) => !id.startsWith('vg/')),
    untyped,
  );
  const vg = theirs.find(({ id }) => id === 'vg/4');
  assert.deepEqual(vg?.media, 'image/4.jpg');
  assert.deepEqual(
    vg?.questions.map(({ answers, weight }) => [answers, weight]),
    [
      [['in a room'], 0.2],
      [['purple'], 0.2],
    ],
  );
});

test('whatever a file holds, a parser gives items and flaws and throws nothing', () => {
  const parse: readonly ((file: Annotations) => Manifest)[] = [
    parseKarpathy,
    parseVisualGenome,
    ...[parseBlipCaptions, parseDidemo, parseMsrvttQa, parseBlipVqa].map(
      (parser) => (file: Annotations) => parser([{ split: 'train', file }]),
    ),
    (file) => parseMsrvtt({ captions: [file], test: file, train: file }, '1k-A'),
    (file) => parseVqa([{ split: 'train', questions: file, annotations: file }]),
  ];
  const keys = [
    'images',
    'sentences',
    'annotations',
    'questions',
    'image',
    'caption',
    'video_id',
    'id',
    'qas',
    'answers',
  ];
  const values = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>('words', '', 7, null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  const texts = fc.oneof(
    values.map((value) => JSON.stringify(value)),
    fc.constantFrom('', 'not json', '{"images": [', '"a\n"b,c'),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom('a.json', 'a.jsonl', 'a.csv'), (text, name) => {
      for (const parser of parse) {
        const { items } = parser({ name, text });
        for (const { captions, questions } of items) assert.ok(captions.length + questions.length > 0);
      }
    }),
  );
});
