// A step in pieces is the step in one piece: losses, gradients, moving averages and queue.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Feeds } from '../../compiler/runtime/index.js';
import { openDataset } from '../../data/dataset/dataset.js';
import type { MediaSet, Sample } from '../../data/items/index.js';
import {
  temporaryFolder,
  toyBackbone,
  toyClipSet,
  toyData,
  toyDecided,
  toyRecipe,
} from '../../node/toy.test-support.js';
import { awake, pictureOf } from '../../predict/programs/toy.test-support.js';
import { taskOf } from './index.js';
import { initialState } from './state.js';
import { compileStep } from './step.js';
import type { TrainTask } from './task.js';

const folder = temporaryFolder();
let backbone: string;
let images: MediaSet;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

/** Two of the first item, so that some pairs are no negatives. */
const samples: readonly Sample[] = [0, 0, 1, 2].map((item) => ({ item, text: 0 }));

interface Case {
  readonly changes: readonly string[];
  readonly frames?: number;
  readonly pieces: readonly number[];
}
const cases: Readonly<Record<string, Case>> = {
  retrieval: { changes: [], pieces: [1, 2, 4] },
  'retrieval of clips': { changes: [], frames: 2, pieces: [2] },
  'retrieval as released': { changes: ['profile=official'], pieces: [2] },
  'retrieval without momentum and queue': { changes: ['retrieval.momentum=0', 'retrieval.queue=0'], pieces: [2] },
  'retrieval by contrast alone': { changes: ['retrieval.matching=0'], pieces: [2] },
  'retrieval by matching alone': { changes: ['retrieval.contrastive=0'], pieces: [2] },
  'retrieval with all that is weighed and trained': {
    changes: ['retrieval.contrastive=0.5', 'retrieval.matching=2', 'retrieval.trainTemperature=true'],
    pieces: [2],
  },
  'retrieval by full fine-tuning': { changes: ['method.name=full'], pieces: [2] },
  answering: { changes: ['task=answering'], pieces: [1, 2, 4] },
  'answering about clips as released': { changes: ['task=answering', 'profile=official'], frames: 2, pieces: [2] },
  captioning: { changes: ['task=captioning'], pieces: [1, 2] },
};

/**
 * A step over the samples from the start, with what it leaves.
 *
 * @param more  tokens of padding behind what texts are padded to
 */
async function stepOf({ changes, frames: F }: Case, piece: number | null, more = 0) {
  const frames = F ?? null;
  const set = F ? toyClipSet() : images;
  const recipe = toyDecided(toyRecipe(backbone, 'data', ['train.batch=4', ...changes]), frames);
  const ready = await awake(backbone, { task: recipe.task, frames }, changes);
  const { codec, preprocess, model } = ready;
  const looking = { codec, preprocess, frames };
  const task = taskOf({ recipe, looking, testFrames: frames, candidates: [], answerTokens: 5 }, 12);
  const pictures = await Promise.all(samples.map(({ item }) => pictureOf(set, item, ready, frames)));
  const image = Float32Array.from(pictures.flatMap((picture) => [...picture]));
  const { feeds, sizes } = task.encode(set.items, samples);
  const step = await compileStep(model, task, { plan: () => ({ piece }) });
  const state = initialState(step.sizes, model.weights, 1);
  const scalars = { learningRate: 0, alpha: 0.4, momentum: 0.9 };
  const batch = { feeds: { image, ...padded(feeds, task.padded, sizes.tokens as number, more) }, sizes };
  const losses = await step.run(
    state,
    { ...batch, sizes: { ...sizes, tokens: (sizes.tokens as number) + more } },
    scalars,
  );
  await step.release();
  const { image: queueImage, text: queueText } = state.queue;
  return {
    losses,
    arrays: { ...named('slope', state.adamFirst), ...named('twin', state.momentum), queueImage, queueText },
  };
}

/** The same texts with more padding. */
function padded(feeds: Feeds, names: TrainTask<unknown>['padded'], length: number, more: number): Feeds {
  const longer = [names?.ids, names?.mask].map((name = '') => {
    const array = feeds[name] as Int32Array;
    const rows = Array.from({ length: array.length / length }, (_, i) => [
      ...array.subarray(i * length, (i + 1) * length),
      ...new Array<number>(more).fill(0),
    ]);
    return [name, Int32Array.from(rows.flat())] as const;
  });
  return { ...feeds, ...Object.fromEntries(longer) };
}

const named = (what: string, arrays: Readonly<Record<string, Float32Array>>) =>
  Object.fromEntries(Object.entries(arrays).map(([path, array]) => [`${what} ${path}`, array]));

const largest = (array: Float32Array) => array.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

for (const [name, one] of Object.entries(cases))
  test(`${name} in pieces is ${name} in one`, async () => {
    const whole = await stepOf(one, null);
    const slopes = Object.entries(whole.arrays).filter(([name]) => name.startsWith('slope'));
    const scale = Math.max(...slopes.map(([, array]) => largest(array)));
    assert.ok(scale > 1e-4 && slopes.length > 0);
    for (const piece of one.pieces) {
      const pieces = await stepOf(one, piece);
      assert.deepEqual(Object.keys(pieces.losses).sort(), Object.keys(whole.losses).sort());
      for (const [loss, value] of Object.entries(whole.losses))
        assert.ok(Math.abs((pieces.losses[loss] as number) - value) <= 1e-5 * Math.abs(value), `${loss} of ${piece}`);
      for (const [path, array] of Object.entries(whole.arrays)) {
        const other = (pieces.arrays as Record<string, Float32Array>)[path] as Float32Array;
        const apart = largest(array.map((x, i) => x - (other[i] as number)));
        const allowed = 1e-5 * (path.startsWith('slope') ? Math.max(largest(array), scale / 100) : largest(array));
        assert.ok(apart <= allowed, `${path} in pieces of ${piece}: ${apart} apart, ${largest(array)} large`);
      }
    }
  });

for (const [name, one] of Object.entries({
  retrieval: cases.retrieval,
  answering: cases.answering,
  captioning: cases.captioning,
}))
  test(`${name}: padding that all texts have changes nothing, though no program is compiled for it`, async () => {
    const [short, long] = [await stepOf(one as Case, null), await stepOf(one as Case, null, 4)];
    assert.ok(Math.abs((long.losses.total as number) - (short.losses.total as number)) < 1e-6);
    for (const [path, array] of Object.entries(short.arrays)) {
      const apart = array.map((x, i) => x - ((long.arrays as Record<string, Float32Array>)[path]?.[i] as number));
      assert.ok(largest(apart) <= 1e-6 * Math.max(1, largest(array)), path);
    }
  });
