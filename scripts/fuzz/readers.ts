// Every reader of files and requests, with valid inputs to begin with. What a reader may do with an input: read it, or
// refuse it with one of our errors.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readYaml } from '../../src/cli/recipe.js';
import {
  parseBlipCaptions,
  parseBlipVqa,
  parseDidemo,
  parseKarpathy,
  parseMsrvtt,
  parseMsrvttQa,
  parseVisualGenome,
  parseVqa,
} from '../../src/data/formats/index.js';
import { parseManifest } from '../../src/data/items/index.js';
import { bertTokenIds, bertTokenizerJson, createTokenizer, specialTokens } from '../../src/data/text/index.js';
import {
  float32Array,
  readAnswers,
  readBlipConfig,
  readDescription,
  readImageProcessor,
  readPickle,
  readSafetensors,
  readStateDict,
  unpackAdapter,
  unpackDescription,
  writeSafetensors,
  writeStateDict,
} from '../../src/format/index.js';
import { createDecoder } from '../../src/node/media/decoder.js';
import { parseRecipe } from '../../src/recipe/index.js';
import { openFeatures } from '../../src/search/features.js';
import { fakeServer } from '../../src/server/fake.test-support.js';
import { checkCheckpoint } from '../../src/train/run/checkpoint.js';
import { readLog } from '../../src/train/run/log.js';
import { findTorch } from '../../src/weights/checkpoint/torch-file.js';
import { openSafetensors } from '../../src/weights/tensors/tensors.js';

export interface FuzzReader {
  /** Valid inputs. */
  readonly seeds: () => Promise<readonly Uint8Array[]>;
  /** @param folder  of its own, for readers of files; what was in it before is replaced */
  readonly read: (input: Uint8Array, folder: string) => unknown;
  /** Of the inputs of a run; decoding media takes many times as long as reading text. Default 1. */
  readonly share?: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const bytes = (...texts: (string | object)[]): Uint8Array[] =>
  texts.map((text) => Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)));
const text = (input: Uint8Array) => new TextDecoder().decode(input);

/** Reads a file that is written first. */
const file =
  (name: string, read: (path: string) => unknown) =>
  async (input: Uint8Array, folder: string): Promise<unknown> => {
    const path = join(folder, name);
    await writeFile(path, input);
    return read(path);
  };

const seedsIn = (folder: string, pattern: RegExp, mostBytes: number) => async () => {
  const names = (await readdir(join(root, folder))).filter((name) => pattern.test(name)).sort();
  const all = await Promise.all(names.map((name) => readFile(join(root, folder, name))));
  return all.filter(({ length }) => length <= mostBytes);
};

const vocabulary = [...specialTokens, 'a', 'red', 'cow', '##s'];
const tokens = bertTokenIds(vocabulary);

/** A text is framed as long as it is asked for, and every id has a row. */
function tokenize(input: Uint8Array): void {
  const tokenizer = createTokenizer(readDescription(z.unknown(), input, 'tokenizer.json'), tokens);
  const { ids, mask } = tokenizer.encode('A red cow’s  [SEP] dog', 12);
  const isSound =
    ids.length === 12 && mask.length === 12 && ids.every((id) => id >= 0 && id < tokenizer.vocabularySize);
  if (!isSound) throw new Error(`ids that cannot be: ${ids}`);
  tokenizer.decode(ids);
}

const arrays = new Map([
  ['w', float32Array([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
  ['b', float32Array([], Float32Array.of(1))],
]);
const archive = () => Buffer.concat([...writeStateDict(arrays, { note: '{}' })]);
const pickle = (): Uint8Array => archive().subarray(30 + 'archive/data.pkl'.length, archive().indexOf('PK', 4));

const adapterInfo = {
  ...{
    format: 1,
    packageVersion: '0.1.0',
    task: 'answering',
    method: { name: 'uniadapter', options: { bottleneck: 4 } },
  },
  ...{ sizes: { bottleneck: 4, layers: 2, width: 8 }, parameters: { trainable: 1, all: 2 }, scores: { accuracy: 1 } },
  backbone: { name: 'tiny', sha256: '0'.repeat(64), parameters: 1, bytes: 1 },
  ...{ recipe: { data: { path: 'photos' }, method: { name: 'lora' } }, created: '2026-01-01T00:00:00Z', seed: 0 },
};

const time = '2026-01-01T00:00:00.000Z';
const looked = { items: 3, frames: null, frameAware: false };
const ways = { textToMedia: { 'R@1': 1 }, mediaToText: { 'R@1': 2 } };
const events = [
  {
    ...{ type: 'plan', time, run: 'r', task: 'retrieval', method: 'lora', parameters: { trainable: 1, all: 2 } },
    ...{ items: { train: 1, val: 1, test: 1 }, samples: 2, frames: null, epochs: 1, steps: 2, batch: 1, resumedAt: 0 },
  },
  { type: 'step', time, step: 1, steps: 2, epoch: 0, losses: { total: 1 }, learningRate: 1e-3, seconds: 1 },
  {
    type: 'evaluation',
    time,
    epoch: 0,
    split: 'val',
    scores: { task: 'retrieval', ...looked, ...ways, firstStage: ways, texts: 3 },
    seconds: 1,
  },
  { type: 'done', time, adapter: 'a', adapterBytes: 1, backboneBytes: 2, seconds: 3, scores: null },
];

const manifestJson = `{"image":"a.jpg","captions":["a cow","two"],"split":"train","id":7}
{"video":"b.mp4","question":"what","answer":"jump","question_id":7,"split":"test"}
{"image":"c.jpg","questions":[{"question":"how many","answers":["2","3"],"type":"number","id":8}],"split":"val"}`;

const checkpoint = {
  ...{ format: 1, step: 3, queueAt: 0, best: { epoch: 0, score: 1 }, backbone: 'x', data: 'y' },
  recipe: { data: { path: 'p' }, train: { epochs: 2 } },
};

const REQUESTS: readonly (readonly [string, object])[] = [
  ['/v1/search', { library: 'photos', query: { text: 'a car' }, limit: 5 }],
  ['/v1/ask', { media: { upload: 'u1' }, questions: ['what colour?'] }],
  ['/v1/caption', { media: [{ library: 'photos', item: 'a/1' }] }],
  ['/v1/embed', { texts: ['a car'] }],
  ['/v1/jobs/train', { name: 'blue', recipe: { train: { epochs: 2 } } }],
  ['/v1/jobs/index', { library: 'photos' }],
  ['/v1/world/draw', { domain: 'fluent3d', seed: 1 }],
];

/** One for all requests: what takes its time is to describe its routes. */
let server: ReturnType<typeof fakeServer> | undefined;

/** A request as it is changed: as a whole, so that also its path is. */
const ADDRESSED = /^{"path":"(\/[\w/]+)","body":(.*)}$/s;

async function request(input: Uint8Array): Promise<void> {
  server ??= fakeServer();
  const whole = Buffer.from(input).toString('latin1'); // which keeps every byte
  const [, path = '/v1/search', body = whole] = ADDRESSED.exec(whole) ?? [];
  const headers = { 'content-type': 'application/json' };
  const answer = await server.ask(path, { method: 'POST', body: Buffer.from(body, 'latin1'), headers });
  await answer.arrayBuffer(); // a request ends with its answer; until then it holds what it holds
  if (answer.status >= 500) throw new Error(`${path} answers ${answer.status}`);
}

/** What the cache calls its file. */
let featuresName: string | undefined;

export const fuzzReaders: ReadonlyMap<string, FuzzReader> = new Map<string, FuzzReader>([
  ['request', { seeds: async () => bytes(...REQUESTS.map(([path, body]) => ({ path, body }))), read: request }],
  [
    'recipe',
    {
      seeds: async () => [
        ...bytes({ data: { path: 'p', frames: 4 }, method: { name: 'lora', rank: 4 }, train: { epochs: 2 } }),
        ...bytes(
          'data: &d {path: p}\ntrain:\n  epochs: 3\nmethod: {name: uniadapter, bottleneck: 8, modalities: [text]}\n',
        ),
      ],
      read: file('recipe.yaml', async (path) => parseRecipe(await readYaml(path), path)),
    },
  ],
  ['manifest', { seeds: async () => bytes(manifestJson), read: (input) => parseManifest(text(input), 'jsonl') }],
  [
    'csv',
    {
      seeds: async () =>
        bytes(
          'image,caption,split\na.jpg,"a, ""cow""",train\nb.jpg,two,test\n',
          'video,question,answer,id\nb.mp4,what,jump,4\n',
        ),
      read: (input) => parseManifest(text(input), 'csv'),
    },
  ],
  ['annotations', { seeds: async () => bytes(...ANNOTATIONS()), read: annotations }],
  [
    'safetensors',
    {
      seeds: async () => [writeSafetensors(arrays, { format: 'pt' }), writeSafetensors(new Map())],
      read: async (input, folder) => {
        readSafetensors(input, 'x');
        await file('x.safetensors', openSafetensors)(input, folder);
      },
    },
  ],
  [
    'pickle',
    {
      seeds: async () => [pickle()],
      read: (input) => readStateDict(readPickle(input, 'x').value, () => ({ file: 'x', start: 0 }), 'x'),
    },
  ],
  ['torch', { seeds: async () => [archive()], read: file('x.pth', findTorch) }],
  [
    'adapter',
    {
      seeds: async () => bytes(adapterInfo, ['yes', 'no']),
      read(input) {
        const files = new Map([
          ['adapter.json', input],
          ['answers.json', input],
          ['adapter.safetensors', writeSafetensors(arrays)],
        ]);
        if (input[0] === 0x5b) return readAnswers(input, 'a');
        files.delete('answers.json');
        return parseRecipe(unpackAdapter(files, 'a').info.recipe, 'a');
      },
    },
  ],
  [
    'backbone',
    {
      seeds: async () => [
        await readFile(join(root, 'models/tiny/backbone.json')),
        ...bytes({ model_type: 'blip', vision_config: { hidden_size: 64 }, text_config: {} }),
        ...bytes({ image_mean: [0, 0, 0], image_std: [1, 1, 1], resample: 3 }),
      ],
      read(input) {
        for (const read of [readBlipConfig, readImageProcessor]) ours(() => read(input, 'x'));
        const files = new Map([
          ['backbone.json', input],
          ['tokenizer.json', Buffer.from('{}')],
        ]);
        return unpackDescription(files, 'b');
      },
    },
  ],
  ['tokenizer', { seeds: async () => bytes(bertTokenizerJson(vocabulary)), read: tokenize }],
  [
    'events',
    {
      seeds: async () => bytes(events.map((event) => JSON.stringify(event)).join('\n')),
      read: file('events.jsonl', readLog),
    },
  ],
  [
    'checkpoint',
    {
      seeds: async () => bytes(checkpoint),
      async read(input, folder) {
        const path = join(folder, 'checkpoint');
        await mkdir(path, { recursive: true });
        await writeFile(join(path, 'checkpoint.json'), input);
        return checkCheckpoint(path, { backbone: 'x', recipe: checkpoint.recipe, data: 'y' });
      },
    },
  ],
  [
    'features',
    {
      seeds: async () => [writeSafetensors(new Map([['features', float32Array([2, 2], new Float32Array(4))]]))],
      async read(input, folder) {
        const store = await openFeatures(folder, {});
        if (!featuresName) {
          await store.add(new Map([['0'.repeat(64), new Float32Array(2)]]));
          featuresName = (await readdir(folder)).find((name) => name.startsWith('features-'));
        }
        await writeFile(join(folder, `${featuresName}`), input);
        return store.read();
      },
    },
  ],
  [
    'image',
    {
      seeds: seedsIn('src/node/media/fixtures/pillow', /^drawn\.[^.]+\.(png|jpg|webp|gif|avif|tiff?)$/, 20_000),
      read: file('x.png', (path) => createDecoder().frames(path, [0, 0.5, 1])),
      share: 0.2,
    },
  ],
  [
    'clip',
    {
      seeds: seedsIn('scripts/fuzz/fixtures', /^clip\./, 20_000),
      read: file('x.mp4', (path) => createDecoder().frames(path, [0, 0.5, 1])),
      share: 0.05,
    },
  ],
]);

const ANNOTATIONS = (): object[] => [
  {
    images: [
      { filename: 'COCO_val2014_000000000001.jpg', filepath: 'val2014', split: 'restval', sentences: [{ raw: 'a' }] },
    ],
  },
  [{ image: 'a/1.jpg', caption: ['a cow'], question_id: 3, question: 'what', answer: ['x'], dataset: 'vqa' }],
  [{ video: 'v', description: 'a' }],
  [{ video_id: 3, question: 'what', answer: 'x', id: 5 }],
  { sentences: [{ video_id: 'video1', caption: 'a' }] },
  [{ id: 1, qas: [{ qa_id: 2, question: 'what', answer: 'In a room.' }] }],
  {
    data_subtype: 'val2014',
    questions: [{ image_id: 1, question_id: 2, question: 'what' }],
    annotations: [{ question_id: 2, answers: [{ answer: 'x' }], answer_type: 'other' }],
  },
];

/** The file, as each of the formats in turn. */
function annotations(input: Uint8Array): void {
  const one = { name: 'x.json', text: text(input) };
  const parts = [{ split: 'train', file: one }] as const;
  parseKarpathy(one);
  parseBlipCaptions(parts);
  parseBlipVqa(parts);
  parseDidemo(parts);
  parseMsrvttQa(parts);
  parseMsrvtt({ captions: [one], test: { ...one, name: 'x.csv' }, train: one }, '1k-A');
  parseVisualGenome(one);
  parseVqa([{ split: 'train', questions: one, annotations: one }]);
}

/** An error for users is as good as a value. */
function ours(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'UniAdapterError')) throw error;
  }
}
