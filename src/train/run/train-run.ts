// A training run in a folder: recipe, events (for TensorBoard too), checkpoint, adapter.

import { freemem } from 'node:os';
import { textFindings } from '../../data/check/findings.js';
import { checkDataset, type Dataset } from '../../data/dataset/dataset.js';
import { candidatesOf, digestOf, framesOf, openData } from '../../data/dataset/open.js';
import { cached, type Item, leftOutText, SPLIT_NAMES } from '../../data/items/index.js';
import { fail } from '../../error/index.js';
import type { Scores } from '../../evaluate/index.js';
import { shownBy, validated } from '../../evaluate/trained-reranking.js';
import { found, makeFolder, openLines, writeAtomically } from '../../files/files.js';
import { hold, type Lock } from '../../files/lock.js';
import { evaluatedWith, methodOf, type TaskName } from '../../model/index.js';
import { assembleTrained, loadFresh, type Ready } from '../../predict/programs/load.js';
import { readingsWith } from '../../predict/programs/readings.js';
import type { DecidedRecipe, Recipe } from '../../recipe/index.js';
import { runFolder } from '../../weights/store/run-folder.js';
import {
  type Bare,
  chosen,
  finish,
  type TrainEvent,
  type Trained,
  type TrainJob,
  type TrainTask,
  taskOf,
  train,
} from '../loop/index.js';
import { writeAdapter } from './adapter-writer.js';
import { type CheckpointInfo, checkCheckpoint, loadCheckpoint, type Origin, saveCheckpoint } from './checkpoint.js';
import { decidedFor, decidedKeys } from './decided.js';
import { eventsOf, readLog } from './log.js';
import type { TrainOptions } from './options.js';
import { boardOf } from './tensorboard.js';

/** Of the memory that is free when training starts, what it may take when the recipe does not say. */
const FREE_SHARE = 0.8;

/** Decoded pictures kept in memory, so that small sets are decoded once. */
const CACHE_BYTES = 2 ** 30;

/**
 * Trains an adapter; the last event is `done`, or `interrupted` after an abort.
 *
 * @throws data, file, recipe, …  before the first step wherever that is possible
 */
export async function* trainRun(given: Recipe, options: TrainOptions): AsyncGenerator<TrainEvent> {
  const started = performance.now();
  const folder = runFolder(options.out);
  const opened = await openData(given, given.train.seed);
  const framed = resolved(given, opened);
  const ready = await loadFresh(framed, framesOf(framed.data, []).frames);
  await using _ = await openFolder(options);
  const { skipBad } = given.data;
  const { onCheck: onProgress } = options;
  const { dataset, bad } = await checkDataset(opened, { skipBad, ...(onProgress && { onProgress }) });
  refuseUnlearnable(dataset, given.task);
  const recipe = decidedFor(framed, dataset, ready);
  const candidates = recipe.task === 'answering' ? await candidatesOf(recipe, dataset) : [];
  const origin = { backbone: ready.backbone.sha256, recipe, data: await digestOf(dataset.splits) };
  const kept = options.resume || options.finish ? await checkCheckpoint(folder.checkpoint, origin) : null;
  if (options.finish && !kept)
    fail('file', {
      where: options.out,
      what: 'has no checkpoint to finish from',
      fix: 'let it train for a while first',
    });
  const before = kept ? await measuredBefore(folder.events) : {};
  await writeAtomically(folder.recipe, `${JSON.stringify(recipe, null, 2)}\n`);
  const addLine = await openLines(folder.events);
  const addToBoard = boardOf(folder);
  const log = async (event: TrainEvent): Promise<TrainEvent> => {
    if (event.type === 'before') before[event.split] = event.scores;
    const logged = { ...event, time: new Date().toISOString() };
    await addLine(JSON.stringify(logged));
    await addToBoard(logged);
    return event;
  };
  const unread = textFindings(readingsWith(ready.codec, recipe, dataset.splits));
  for (const one of [...dataset.leftOut, ...unread].filter(
    ({ severity, count }) => severity === 'warning' && count > 0,
  ))
    yield await log({ type: 'skipped', media: dataset.source, problem: leftOutText(one) });
  for (const { media, line, what } of bad)
    yield await log({ type: 'skipped', media: media ?? `entry ${line}`, problem: what });
  const start = { ready, dataset, origin, candidates, before };
  const decided = decidedKeys(given, recipe);
  const job = (options.finish ? finish : train)(jobOf(recipe, options, { ...start, kept, decided }));
  try {
    let next = await job.next();
    for (; !next.done; next = await job.next()) yield await log(next.value);
    if (next.value) yield await log(await writeEnd(recipe, folder.adapter, { ...start, trained: next.value, started }));
  } finally {
    await job.return(null); // whoever listens may leave early
  }
}

/** The recipe with what depends on the data decided. */
export function resolved(recipe: Recipe, { splits }: Dataset): Recipe {
  const items = SPLIT_NAMES.flatMap((name) => splits[name].items);
  return { ...recipe, data: { ...recipe.data, frames: framesOf(recipe.data, items).frames } };
}

/** @throws data  when there is nothing to learn from */
export function refuseUnlearnable({ source, absent, splits: { train } }: Dataset, task: TaskName): void {
  if (absent.length > 0)
    fail('file', {
      where: source,
      what: 'annotation files that training needs are not there',
      got: `none called ${absent.join(', ')}`,
      fix: 'put them there; evaluation can do without',
    });
  if (train.items.length === 0)
    fail('data', { where: source, what: 'nothing is left to train with', fix: 'change data.split' });
  const isAnswered = ({ questions }: Item) => questions.some(({ answers }) => answers.length > 0);
  if (task === 'answering' && !train.items.some(isAnswered))
    fail('data', {
      where: source,
      what: 'no training question has an answer',
      fix: 'add answers, or change data.split',
    });
}

/** @returns the lock of the folder: two trainings in one would write over each other */
async function openFolder({ out, resume, finish }: TrainOptions): Promise<Lock> {
  await makeFolder(out);
  const folder = runFolder(out);
  const lock = await hold(folder.lock, {
    where: out,
    what: 'another process trains there',
    fix: 'wait for it, stop it, or choose another folder',
  });
  try {
    if (!resume && !finish && (await found(folder.events)))
      fail('file', { where: out, what: 'holds a run already', fix: 'resume it, or choose another folder' });
    return lock;
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

interface Start {
  readonly ready: Ready;
  readonly dataset: Dataset;
  readonly origin: Origin;
  readonly candidates: readonly string[];
  /** Of the backbone alone, as far as it is measured. */
  readonly before: Before;
}

type Before = { -readonly [split in keyof Bare<Scores | null>['known']]: Scores | null };

/** What a run that goes on has measured before its first step. */
async function measuredBefore(events: string): Promise<Before> {
  const known = eventsOf(await readLog(events), 'before');
  return Object.fromEntries(known.map(({ split, scores }) => [split, scores]));
}

/** What a recipe learns, with this data. @param candidates  answers to choose from */
export function taskFor(
  recipe: DecidedRecipe,
  { ready, dataset: { splits }, candidates }: Pick<Start, 'ready' | 'dataset' | 'candidates'>,
): TrainTask<Scores | null> {
  const { codec, preprocess, backbone } = ready;
  const { frames, testFrames } = framesOf(recipe.data, []);
  const learnt = splits.train.items.flatMap(({ questions }) => questions.flatMap(({ answers }) => answers));
  const options = {
    recipe,
    looking: { codec, preprocess, frames, learnt: splits.train.items },
    testFrames,
    candidates,
  };
  return taskOf({ ...options, answerTokens: codec.longest(new Set(learnt)) }, backbone.info.text.positions);
}

interface JobStart extends Start {
  /** What the checkpoint says; null where there is none. */
  readonly kept: CheckpointInfo | null;
  readonly decided: readonly string[];
}

function jobOf(
  recipe: DecidedRecipe,
  { out, resume, finish, signal }: TrainOptions,
  { ready, dataset, origin, candidates, before, kept, decided }: JobStart,
): TrainJob<Scores | null> {
  const { model, preprocess } = ready;
  const { splits } = dataset;
  const { augment, flip, jitter } = recipe.data;
  const { frames } = framesOf(recipe.data, []);
  const path = runFolder(out).checkpoint;
  const isFixed = frames === null || !jitter;
  const trainSet = isFixed
    ? cached(splits.train, augment === 'none' ? preprocess.size : null, CACHE_BYTES)
    : splits.train;
  return {
    run: out,
    model,
    recipe,
    decided,
    task: taskFor(recipe, { ready, dataset, candidates }),
    evaluated: { method: evaluatedWith(methodOf(recipe, 'evaluation'), { task: recipe.task, frames }) },
    bare: bareOf(ready, recipe, before),
    trainSet: () => trainSet,
    val: cached(splits.val, preprocess.size, CACHE_BYTES),
    test: splits.test, // looked at once
    preprocess: { ...preprocess, augment, flip },
    frames,
    jitter,
    restore: async (sizes) => (resume || finish ? loadCheckpoint(path, sizes, origin) : null),
    async save(state, sizes, piece) {
      await saveCheckpoint(path, { state, sizes, piece }, origin);
      return path;
    },
    memoryBytes: memoryOf(recipe),
    ...(kept && keptPiece(kept, recipe)),
    signal,
    now: () => performance.now(),
  };
}

/**
 * A run goes on with the pieces it began with, since others round otherwise and its bytes would differ; unless other memory is
 * asked for than then.
 */
function keptPiece({ recipe, piece }: CheckpointInfo, { train }: DecidedRecipe): Pick<TrainJob<unknown>, 'piece'> {
  const then = (recipe as Partial<DecidedRecipe>).train?.memory;
  return piece === undefined || then !== train.memory ? {} : { piece };
}

/** The backbone alone, as `evaluate none` measures it. */
function bareOf({ backbone }: Ready, { task, data, precision }: DecidedRecipe, known: Before): Bare<Scores | null> {
  const { model } = assembleTrained(backbone, null, { task, seeing: data, precision });
  return { model, shown: shownBy(backbone), known: { ...known } };
}

/** Bytes that training may take. */
export function memoryOf({ train: { memory } }: Recipe): number {
  return memory === 'auto' ? FREE_SHARE * (process.availableMemory?.() ?? freemem()) : memory;
}

interface End extends Start {
  readonly trained: Trained<Scores | null>;
  /** Milliseconds. */
  readonly started: number;
}

async function writeEnd(
  recipe: DecidedRecipe,
  folder: string,
  {
    ready: { backbone, model },
    candidates,
    before: { test: before = null },
    started,
    trained: { state, sizes, scores },
  }: End,
): Promise<TrainEvent> {
  const parameters = chosen(state);
  const adapterBytes = await writeAdapter(folder, {
    model: { ...model, weights: { ...model.weights, ...parameters } },
    purpose: { task: recipe.task, frames: framesOf(recipe.data, []).frames },
    backbone,
    recipe,
    scores,
    before,
    reranking: validated(recipe, state.best?.stages),
    answers: candidates,
    trainable: sizes.trainable.reduce((n, { path }) => n + (parameters[path]?.length ?? 0), 0),
    created: new Date(),
  });
  const seconds = (performance.now() - started) / 1000;
  return { type: 'done', adapter: folder, adapterBytes, backboneBytes: backbone.bytes, seconds, scores, before };
}
