// A backbone and a dataset so small that whole runs fit into tests: random weights, coloured squares.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import sharp from 'sharp';
import { full } from '../adapter/index.js';
import { UniAdapterError } from '../error/index.js';
import { type BackboneInfo, float32Array, packBackbone } from '../format/index.js';
import { assemble, createModel, declarationsOf } from '../model/index.js';
import { override, parseRecipe, type Recipe } from '../recipe/index.js';
import { bertTokenIds, bertTokenizerJson, specialTokens } from '../text/index.js';
import type { TrainEvent } from '../train/index.js';
import { trainRun } from './run/run.js';

const colours = { red: '#e02020', green: '#20c040', blue: '#2040e0', white: '#f8f8f8' } as const;
const grounds = { black: '#101010', yellow: '#e0d020', pink: '#f080c0', grey: '#808080' } as const;
const vocabulary = [...specialTokens, 'a', 'on', 'square', ...Object.keys(colours), ...Object.keys(grounds)];

const tower = { width: 32, layers: 2, heads: 2, mlp: 64 };
const tokens = bertTokenIds(vocabulary);
export const toyInfo: BackboneInfo = {
  format: 1,
  name: 'toy',
  vision: { ...tower, imageSize: 32, patch: 8, eps: 1e-6 },
  text: { ...tower, vocabulary: vocabulary.length + 2, positions: 12, eps: 1e-12 },
  projection: 16,
  preprocess: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], resize: 'bicubic' },
  tokens,
  maxTokens: 8,
};

/** A new folder that is gone when the tests of the file are over. Ask outside of tests and hooks. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'uniadapter-toy-'));
  after(() => rm(folder, { recursive: true }));
  return folder;
}

/**
 * Writes the toy backbone. Its matrices are larger than declared, which suits wider towers: without training, features
 * of different pictures would hardly differ.
 *
 * @param seed  of the random weights: another seed, another backbone
 */
export async function toyBackbone(folder: string, seed = 1): Promise<string> {
  const model = createModel({ ...toyInfo, encodeToken: tokens.enc }, full());
  const weights = assemble(model, null, null, { seed, where: 'toy' });
  const arrays = new Map(
    declarationsOf(model).map(({ path, shape }) => {
      const values = weights[path] as Float32Array;
      return [path, float32Array(shape, shape.length < 2 ? values : values.map((x) => 6 * x))];
    }),
  );
  await writeFiles(folder, packBackbone({ info: toyInfo, arrays, tokenizer: bertTokenizerJson(vocabulary) }));
  return folder;
}

export interface ToyEntry {
  readonly image: string;
  readonly captions: readonly string[];
  readonly split: 'train' | 'val' | 'test';
}

/** Sixteen squares; their grounds say which split they are in. The first has two captions: nine samples train. */
export const toyEntries: readonly ToyEntry[] = Object.keys(colours).flatMap((colour, c) =>
  Object.keys(grounds).map(
    (ground, g): ToyEntry => ({
      image: `${colour}-${ground}.png`,
      captions: [`a ${colour} square on ${ground}`, ...(c + g === 0 ? [`${colour} on ${ground}`] : [])],
      split: g < 2 ? 'train' : g === 2 ? 'val' : 'test',
    }),
  ),
);

/** Writes the pictures of {@link toyEntries} and a manifest of `entries`, given as they are, so that they may be wrong. */
export async function toyData(folder: string, entries: readonly (object | string)[] = toyEntries): Promise<string> {
  const pictures = Object.entries(colours).flatMap(([colour, inside]) =>
    Object.entries(grounds).map(async ([ground, outside]) => [
      `${colour}-${ground}.png`,
      await square(inside, outside),
    ]),
  );
  const lines = entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
  await writeFiles(folder, new Map((await Promise.all(pictures)) as [string, Uint8Array][]));
  await writeFile(join(folder, 'manifest.jsonl'), `${lines.join('\n')}\n`);
  return folder;
}

async function square(inside: string, outside: string): Promise<Uint8Array> {
  const patch = await sharp({ create: { width: 20, height: 20, channels: 3, background: inside } })
    .png()
    .toBuffer();
  const ground = sharp({ create: { width: 40, height: 36, channels: 3, background: outside } });
  return ground
    .composite([{ input: patch, left: 8, top: 8 }])
    .png()
    .toBuffer();
}

async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}

/** Options of each method, as small as they get. */
export const toyMethods = {
  uniadapter: ['method.name=uniadapter', 'method.bottleneck=4'],
  lora: ['method.name=lora', 'method.rank=2'],
  bottleneck: ['method.name=bottleneck', 'method.bottleneck=4'],
  full: ['method.name=full'],
  heads: ['method.name=heads'],
} as const satisfies Readonly<Record<Recipe['method']['name'], readonly string[]>>;

/** Batches of four, three epochs, a small queue. @param changes  `key=value`, as on the command line */
export function toyRecipe(backbone: string, manifest: string, changes: readonly string[] = []): Recipe {
  const base = {
    backbone,
    data: { manifest, augment: 'none' },
    train: { batch: 4, epochs: 3, checkpointEvery: 100 },
    retrieval: { queue: 6, rerank: 2 },
  };
  return parseRecipe(override(base, [...toyMethods.uniadapter, ...changes]), 'toy');
}

export interface ToyRun {
  readonly resume?: boolean;
  /** Ctrl-C during this step. */
  readonly stopAt?: number;
  /** The process is gone right after this step: nothing more is written. */
  readonly killAt?: number;
  readonly onEvent?: (event: TrainEvent) => Promise<void>;
}

/** Runs a recipe and collects its events. */
export async function runToy(recipe: Recipe, out: string, { resume = false, stopAt, killAt, onEvent }: ToyRun = {}) {
  const stop = new AbortController();
  const events: TrainEvent[] = [];
  for await (const event of trainRun(recipe, { out, resume, signal: stop.signal })) {
    events.push(event);
    await onEvent?.(event);
    if (event.type !== 'step') continue;
    if (event.step === stopAt) stop.abort();
    if (event.step === killAt) break;
  }
  return events;
}

/** The error for users that a promise ends in. */
export async function refusal(promise: Promise<unknown>): Promise<UniAdapterError> {
  const error = await promise.then(
    () => assert.fail('nothing was refused'),
    (error: unknown) => error,
  );
  if (error instanceof UniAdapterError) return error;
  throw error;
}

/** The events of one type, in order. */
export function eventsOf<T extends TrainEvent['type']>(events: readonly TrainEvent[], type: T) {
  return events.filter((event): event is Extract<TrainEvent, { readonly type: T }> => event.type === type);
}
