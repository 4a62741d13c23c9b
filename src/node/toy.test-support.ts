// A backbone and datasets so small that whole runs fit into tests: random weights, coloured squares that may change colour.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import sharp from 'sharp';
import type { Pixels } from '../data/image/index.js';
import { type MediaSet, parseManifest } from '../data/items/index.js';
import { bertTokenIds, bertTokenizerJson, specialTokens } from '../data/text/index.js';
import { UniAdapterError } from '../error/index.js';
import { type BackboneInfo, float32Array, packBackbone } from '../format/index.js';
import { full } from '../model/adapter/index.js';
import { assemble, createModel, declarationsOf, type TaskName } from '../model/index.js';
import { type DecidedRecipe, override, parseRecipe, type Recipe } from '../recipe/index.js';
import { decide, type TrainEvent } from '../train/loop/index.js';
import { trainRun } from '../verbs/run.js';
import { configOf } from '../weights/store/backbone.js';

const colours = { red: '#e02020', green: '#20c040', blue: '#2040e0', white: '#f8f8f8' } as const;
const grounds = { black: '#101010', yellow: '#e0d020', pink: '#f080c0', grey: '#808080' } as const;
type Colour = keyof typeof colours;
type Ground = keyof typeof grounds;
const COLOURS = Object.keys(colours) as Colour[];
const GROUNDS = Object.keys(grounds) as Ground[];
const words = 'what color is the ground yes no picture of then'.split(' ');
const vocabulary = [...specialTokens, 'a', 'on', 'square', ...COLOURS, ...GROUNDS, ...words];

const tower = { width: 32, layers: 2, heads: 2, mlp: 64 };
export const toyInfo: BackboneInfo = {
  format: 1,
  name: 'toy',
  vision: { ...tower, imageSize: 32, patch: 8, eps: 1e-6 },
  text: { ...tower, vocabulary: vocabulary.length + 2, positions: 12, eps: 1e-12 },
  projection: 16,
  preprocess: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], resize: 'bicubic' },
  tokens: bertTokenIds(vocabulary),
  maxTokens: 8,
  decoder: { tied: true },
};

const { sep, bos, enc } = toyInfo.tokens;
const writtenBias = Float32Array.from({ length: enc + 1 }, (_, id) =>
  id === sep ? 2 : id < specialTokens.length || id >= bos ? -30 : 0,
);

/** A new folder that is gone when the tests of the file are over. Ask outside of tests and hooks. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'uniadapter-toy-'));
  after(() => rm(folder, { recursive: true }));
  return folder;
}

export const TASKS: readonly TaskName[] = ['retrieval', 'answering', 'captioning'];

/**
 * Writes the toy backbone, which can do all tasks. Its matrices are larger than declared, which suits wider towers:
 * without training, features of different pictures would hardly differ, and answers to different questions not at all.
 * It never writes special tokens, which would vanish from the text, and comes to an end.
 *
 * @param seed  of the random weights: another seed, another backbone
 * @param answers  that it has learnt; none by default
 * @param info  its sizes, with the toy's vocabulary
 */
export async function toyBackbone(
  folder: string,
  seed = 1,
  answers: readonly string[] = [],
  info: BackboneInfo = toyInfo,
): Promise<string> {
  const model = createModel(configOf(info), full());
  const all = TASKS.flatMap((task) => declarationsOf(model, { task, frames: null }));
  const declarations = [...new Map(all.map((declaration) => [declaration.path, declaration])).values()];
  const { weights } = assemble(model, declarations, null, { seed, where: 'toy' });
  const arrays = new Map(
    declarations.map(({ path, shape }) => {
      const values = weights[path] as Float32Array;
      if (path === 'text_decoder.cls.predictions.bias') values.set(writtenBias);
      const gain = /^text_decoder.*crossattention/.test(path) ? 18 : 6;
      return [path, float32Array(shape, shape.length < 2 ? values : values.map((x) => gain * x))];
    }),
  );
  const tokenizer = bertTokenizerJson(vocabulary);
  await writeFiles(folder, packBackbone({ info, arrays, tokenizer, answers }));
  return folder;
}

interface ToyTexts {
  readonly captions: readonly string[];
  readonly questions: readonly { readonly question: string; readonly answer: string; readonly type: string }[];
  readonly split: 'train' | 'val' | 'test';
}

export interface ToyEntry extends ToyTexts {
  readonly image: string;
}

/**
 * Sixteen squares; their grounds say which split they are in. The first has two captions: nine captions train. Three
 * questions about each: 24 questions train.
 */
export const toyEntries: readonly ToyEntry[] = COLOURS.flatMap((colour, c) =>
  GROUNDS.map(
    (ground, g): ToyEntry => ({
      image: `${colour}-${ground}.png`,
      captions: [`a ${colour} square on ${ground}`, ...(c + g === 0 ? [`${colour} on ${ground}`] : [])],
      questions: [
        { question: 'what color is the square', answer: colour, type: 'color' },
        { question: 'what color is the ground', answer: ground, type: 'color' },
        { question: 'is the square red', answer: colour === 'red' ? 'yes' : 'no', type: 'yes/no' },
      ],
      split: g < 2 ? 'train' : g === 2 ? 'val' : 'test',
    }),
  ),
);

/** Writes the pictures of {@link toyEntries} and a manifest of `entries`, given as they are, so that they may be wrong. */
export async function toyData(folder: string, entries: readonly (object | string)[] = toyEntries): Promise<string> {
  const pictures = COLOURS.flatMap((colour) =>
    GROUNDS.map(async (ground) => [`${colour}-${ground}.png`, await png(square(colour, ground))] as const),
  );
  await writeFiles(folder, new Map(await Promise.all(pictures)));
  await writeManifest(folder, entries);
  return folder;
}

export interface ToyClip extends ToyTexts {
  readonly video: string;
  readonly frames: readonly Pixels[];
}

/**
 * Twelve clips of two frames, in which a square on black becomes one of another colour on grey: six train. The grounds
 * differ since a clip's feature knows no order.
 */
export const toyClips: readonly ToyClip[] = COLOURS.flatMap((first) =>
  COLOURS.filter((then) => then !== first).map(
    (then, i): ToyClip => ({
      video: `${first}-${then}.gif`,
      frames: [square(first, 'black'), square(then, 'grey')],
      captions: [`a ${first} square then ${then}`],
      questions: [
        { question: 'what color is the square', answer: first, type: 'color' },
        { question: 'is the square then red', answer: then === 'red' ? 'yes' : 'no', type: 'yes/no' },
      ],
      split: first === 'red' || first === 'green' ? 'train' : i % 2 ? 'val' : 'test',
    }),
  ),
);

const entryOf = ({ frames: _, ...entry }: ToyClip) => entry;

/** How a clip is kept: an animation, or a folder of frames. */
export type ClipForm = 'gif' | 'webp' | 'frames';

/** Writes {@link toyClips} and a manifest. */
export async function toyClipData(folder: string, form: ClipForm = 'gif'): Promise<string> {
  const clips = toyClips.map((clip) => ({
    ...clip,
    video: clip.video.replace('.gif', form === 'frames' ? '' : `.${form}`),
  }));
  await mkdir(folder, { recursive: true });
  for (const { video, frames } of clips)
    if (form === 'frames') await writeFiles(join(folder, video), await pngs(frames));
    else await writeFile(join(folder, video), await animation(frames, form));
  await writeManifest(folder, clips.map(entryOf));
  return folder;
}

/** Clips of {@link toyClips} without files. */
export function toyClipSet(clips: readonly ToyClip[] = toyClips): MediaSet {
  const { items } = parseManifest(clips.map((clip) => JSON.stringify(entryOf(clip))).join('\n'), 'jsonl');
  const frameAt = ({ frames }: ToyClip, position: number) => frames[Math.floor(position * frames.length)] as Pixels;
  return {
    items,
    frames: async (index, positions) => positions.map((at) => frameAt(clips[index] as ToyClip, at)),
  };
}

/** 40 × 36 pixels with a square of 20 in the upper left. */
function square(colour: Colour, ground: Ground): Pixels {
  const [width, height] = [40, 36];
  const rgb = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  const [inside, outside] = [rgb(colours[colour]), rgb(grounds[ground])];
  const isInside = (x: number, y: number) => x >= 8 && x < 28 && y >= 8 && y < 28;
  const data = Array.from({ length: width * height }, (_, i) =>
    isInside(i % width, Math.floor(i / width)) ? inside : outside,
  ).flat();
  return { width, height, data: Uint8Array.from(data) };
}

const raw = ({ width, height }: Pixels) => ({ raw: { width, height, channels: 3 as const } });

const png = (picture: Pixels): Promise<Uint8Array> => sharp(picture.data, raw(picture)).png().toBuffer();

async function pngs(frames: readonly Pixels[]): Promise<ReadonlyMap<string, Uint8Array>> {
  return new Map(await Promise.all(frames.map(async (frame, i) => [`${i}.png`, await png(frame)] as const)));
}

async function animation(frames: readonly Pixels[], form: 'gif' | 'webp'): Promise<Uint8Array> {
  const pictures = await Promise.all(frames.map(png));
  const joined = sharp(pictures as Buffer[], { join: { animated: true } });
  const delay = frames.map(() => 500);
  return (form === 'gif' ? joined.gif({ delay }) : joined.webp({ delay, lossless: true })).toBuffer();
}

async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}

async function writeManifest(folder: string, entries: readonly (object | string)[]): Promise<void> {
  const lines = entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry)));
  await writeFile(join(folder, 'manifest.jsonl'), `${lines.join('\n')}\n`);
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
export function toyRecipe(backbone: string, path: string, changes: readonly string[] = []): Recipe {
  const base = {
    backbone,
    data: { path, augment: 'none' },
    optimiser: { learningRate: 5e-4, warmupSteps: 0 },
    train: { batch: 4, epochs: 3, dropLast: true, evaluateEvery: 1, patience: 0, checkpointEvery: 100 },
    retrieval: { queue: 6, momentum: 0.995, alpha: 0.4, rerank: 2 },
    answering: { rankedAnswers: 4, maxLength: 4 },
    captioning: { maxLength: 10, minLength: 6, beams: 2 },
  };
  return parseRecipe(override(base, [...toyMethods.uniadapter, ...changes]), 'toy');
}

/** The same with nothing left to decide. */
export const toyDecided = (recipe: Recipe, frames: number | null = null): DecidedRecipe =>
  decide(recipe, { samples: 9, width: toyInfo.vision.width, frames, saysSides: false });

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
