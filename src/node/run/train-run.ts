// A training run in a folder: recipe, events, checkpoint, adapter.

import { stat } from 'node:fs/promises';
import { cached, SPLIT_NAMES } from '../../data/index.js';
import { fail } from '../../error/index.js';
import { methodOf } from '../../model/index.js';
import type { Recipe } from '../../recipe/index.js';
import { chosen, type TrainEvent, type Trained, type TrainJob, train } from '../../train/index.js';
import { checkDataset, type Dataset, openManifest } from '../data/dataset.js';
import { makeFolder, openLines, sha256, writeAtomically } from '../files.js';
import { writeAdapter } from '../store/adapter-folder.js';
import { checkCheckpoint, loadCheckpoint, type Origin, saveCheckpoint } from '../store/checkpoint.js';
import { runFolder } from './folder.js';
import { loadFresh, type Ready } from './load.js';
import type { TrainOptions } from './types.js';

/** Decoded pictures kept in memory, so that small sets are decoded once. */
const CACHE_BYTES = 2 ** 30;

/**
 * Trains an adapter; the last event is `done`, or `interrupted` after an abort.
 *
 * @throws data, file, recipe, …  before the first step wherever that is possible
 */
export async function* trainRun(recipe: Recipe, options: TrainOptions): AsyncGenerator<TrainEvent> {
  const started = performance.now();
  const folder = runFolder(options.out);
  const opened = await openData(recipe.data, recipe.train.seed);
  const ready = await loadFresh(recipe, methodOf(recipe));
  await openFolder(options);
  const { skipBad } = recipe.data;
  const { onCheck: onProgress } = options;
  const { dataset, bad } = await checkDataset(opened, { skipBad, thorough: true, ...(onProgress && { onProgress }) });
  if (dataset.splits.train.items.length === 0)
    fail('data', { where: dataset.source, what: 'no image is left to train with', fix: 'change data.split' });
  const origin = { backbone: ready.backbone.sha256, recipe, data: await digest(dataset) };
  if (options.resume) await checkCheckpoint(folder.checkpoint, origin);
  await writeAtomically(folder.recipe, `${JSON.stringify(recipe, null, 2)}\n`);
  const addLine = await openLines(folder.events);
  const log = async (event: TrainEvent): Promise<TrainEvent> => {
    await addLine(JSON.stringify({ ...event, time: new Date().toISOString() }));
    return event;
  };
  for (const { image, line, what } of bad)
    yield await log({ type: 'skipped', image: image ?? `entry ${line}`, problem: what });
  const job = train(jobOf(recipe, options, { ready, dataset, origin }));
  try {
    let next = await job.next();
    for (; !next.done; next = await job.next()) yield await log(next.value);
    if (next.value) yield await log(await finish({ recipe, ready, started }, folder.adapter, next.value));
  } finally {
    await job.return(null); // whoever listens may leave early
  }
}

/** The dataset of a recipe. */
export function openData(data: Recipe['data'], seed: number): Promise<Dataset> {
  const { manifest, imageRoot, split: fractions } = data;
  return openManifest(manifest, { ...(imageRoot !== null && { imageRoot }), fractions, seed });
}

async function openFolder({ out, resume }: TrainOptions): Promise<void> {
  await makeFolder(out);
  const used = await stat(runFolder(out).events).catch(() => null);
  if (used && !resume)
    fail('file', { where: out, what: 'holds a run already', fix: 'resume it, or choose another folder' });
}

/** SHA-256 of what is in which split; the images' own bytes are not in it. */
async function digest({ splits }: Dataset): Promise<string> {
  const items = SPLIT_NAMES.map((name) => splits[name].items.map(({ image, captions }) => [image, captions]));
  return sha256(new TextEncoder().encode(JSON.stringify(items)));
}

interface Start {
  readonly ready: Ready;
  readonly dataset: Dataset;
  readonly origin: Origin;
}

function jobOf(recipe: Recipe, { out, resume, signal }: TrainOptions, { ready, dataset, origin }: Start): TrainJob {
  const { model, encode, preprocess } = ready;
  const { splits } = dataset;
  const { augment } = recipe.data;
  const path = runFolder(out).checkpoint;
  const trainSet = cached(splits.train, augment === 'none' ? preprocess.size : null, CACHE_BYTES);
  return {
    run: out,
    model,
    recipe,
    trainSet: () => trainSet,
    val: cached(splits.val, preprocess.size, CACHE_BYTES),
    test: splits.test, // looked at once
    encode,
    preprocess: { ...preprocess, augment },
    restore: async (sizes) => (resume ? loadCheckpoint(path, sizes, origin) : null),
    async save(state, sizes) {
      await saveCheckpoint(path, { state, sizes }, origin);
      return path;
    },
    signal,
    now: () => performance.now(),
  };
}

async function finish(
  { recipe, ready: { backbone, model }, started }: { recipe: Recipe; ready: Ready; started: number },
  folder: string,
  { state, sizes, scores }: Trained,
): Promise<TrainEvent> {
  const parameters = chosen(state);
  const adapterBytes = await writeAdapter(folder, {
    model: { ...model, weights: { ...model.weights, ...parameters } },
    backbone,
    recipe,
    scores,
    trainable: sizes.trainable.reduce((n, { path }) => n + (parameters[path]?.length ?? 0), 0),
    created: new Date(),
  });
  const seconds = (performance.now() - started) / 1000;
  return { type: 'done', adapter: folder, adapterBytes, backboneBytes: backbone.bytes, seconds, scores };
}
