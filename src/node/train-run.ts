// A training run in a folder: recipe, events, checkpoint, adapter.

import { appendFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, type RetrievalSet } from '../data/index.js';
import { methodOf } from '../model/index.js';
import type { Recipe } from '../recipe/index.js';
import { chosen, type TrainEvent, type Trained, train } from '../train/index.js';
import { writeAdapter } from './adapter-folder.js';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { checkDataset, type Dataset, openManifest } from './dataset.js';
import { writeAtomically } from './files.js';
import { loadFresh, type Ready } from './load.js';
import type { TrainOptions } from './run-types.js';

/** Decoded pictures kept in memory, so that small sets are decoded once. */
const CACHE_BYTES = 2 ** 30;

/**
 * Trains an adapter; the last event is `done`, or `interrupted` after an abort.
 *
 * @throws data, file, recipe, …  before the first step wherever that is possible
 */
export async function* trainRun(recipe: Recipe, options: TrainOptions): AsyncGenerator<TrainEvent> {
  await mkdir(options.out, { recursive: true });
  const started = performance.now();
  const ready = await loadFresh(recipe, methodOf(recipe));
  const { dataset, bad } = await checkDataset(await openData(recipe.data, recipe.train.seed), {
    skipBad: recipe.data.skipBad,
  });
  await writeAtomically(join(options.out, 'recipe.json'), `${JSON.stringify(recipe, null, 2)}\n`);
  const log = async (event: TrainEvent): Promise<TrainEvent> => {
    const line = JSON.stringify({ ...event, time: new Date().toISOString() });
    await appendFile(join(options.out, 'events.jsonl'), `${line}\n`);
    return event;
  };
  for (const { image, line, what } of bad)
    yield await log({ type: 'skipped', image: image ?? `entry ${line}`, problem: what });
  const job = train(jobOf(recipe, options, ready, dataset));
  let next = await job.next();
  for (; !next.done; next = await job.next()) yield await log(next.value);
  if (next.value) yield await log(await finish(recipe, options.out, ready, next.value, started));
}

/** The dataset of a recipe. */
export function openData(data: Recipe['data'], seed: number): Promise<Dataset> {
  const { manifest, imageRoot, split: fractions } = data;
  return openManifest(manifest, { ...(imageRoot !== null && { imageRoot }), fractions, seed });
}

function jobOf(
  recipe: Recipe,
  { out, resume, signal }: TrainOptions,
  ready: Ready,
  { splits }: Dataset,
): Parameters<typeof train>[0] {
  const { backbone, model, encode, preprocess } = ready;
  const { augment } = recipe.data;
  const keep = (set: RetrievalSet) => cached(set, augment === 'none' ? preprocess.size : null, CACHE_BYTES);
  const trainSet = keep(splits.train);
  const path = join(out, 'checkpoint');
  const origin = { backbone: backbone.sha256, recipe };
  return {
    run: out,
    model,
    recipe,
    trainSet: () => trainSet,
    val: keep(splits.val),
    test: keep(splits.test),
    encode,
    preprocess: { ...preprocess, augment },
    restore: async (sizes) => (resume ? loadCheckpoint(path, sizes, origin) : null),
    async save(state, sizes) {
      await saveCheckpoint(path, state, sizes, origin);
      return path;
    },
    signal,
    now: () => performance.now(),
  };
}

async function finish(
  recipe: Recipe,
  out: string,
  { backbone, model }: Ready,
  { state, sizes, scores }: Trained,
  started: number,
): Promise<TrainEvent> {
  const folder = join(out, 'adapter');
  const parameters = chosen(state);
  const adapterBytes = await writeAdapter(folder, {
    model: { ...model, weights: { ...model.weights, ...parameters } },
    backbone,
    recipe,
    scores,
    trainable: sizes.trainable.reduce((n, { path }) => n + (parameters[path]?.length ?? 0), 0),
    created: new Date(),
  });
  const { size: backboneBytes } = await stat(join(backbone.folder, 'backbone.safetensors'));
  const seconds = (performance.now() - started) / 1000;
  return { type: 'done', adapter: folder, adapterBytes, backboneBytes, seconds, scores };
}
