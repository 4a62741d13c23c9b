// A batch of 32 at 384 pixels, retrieval with BLIP-base: how the step is planned, what it was said to take and what it
// takes. With `compare` the same step in one piece after it, and how far the gradients are apart.
//   npx tsx bench/large-batch.ts BACKBONE [GB 10] [batch 32] [pixels 384] [compare]

import { readFileSync } from 'node:fs';
import { byteCount } from '../src/format/index.js';
import { assemble, createModel, declarationsOf, methodOf } from '../src/model/index.js';
import { createOrtBackend } from '../src/node/ort.js';
import { openBackbone } from '../src/node/store/backbone.js';
import { parseRecipe } from '../src/recipe/index.js';
import { createCodec } from '../src/text/index.js';
import { planStep, type StepPlan, taskOf } from '../src/train/index.js';
import { initialState } from '../src/train/state.js';
import { compileStep } from '../src/train/step.js';
import { normal } from './random-weights.js';

const [folder = '', gigabytes = '10', batch = '32', pixels = '384', compare] = process.argv.slice(2);
const recipe = parseRecipe({ data: { path: 'none' }, train: { batch: Number(batch) } }, 'bench');
const { config, arrays, tokenizer, info } = await openBackbone(folder, Number(pixels));
const method = methodOf(recipe, 'training');
const model = { ...createModel(config, method), backend: createOrtBackend() };
const declarations = declarationsOf(model, { task: 'retrieval', frames: null });
const loaded = { ...model, ...assemble(model, declarations, arrays, { seed: 0, where: folder }) };
const codec = createCodec(tokenizer, { maxTokens: info.maxTokens, positions: info.text.positions });
const preprocess = { size: Number(pixels), ...info.preprocess, augment: 'none' } as const;
const looking = { codec, preprocess, frames: null };
const task = taskOf({ recipe, looking, testFrames: null, candidates: [], answerTokens: 2 }, info.text.positions);

const B = Number(batch);
const T = codec.maxTokens;
const feeds = {
  image: normal(3 * Number(pixels) ** 2 * B, 1),
  ids: new Int32Array(B * T).map((_, i) => 1000 + (i % 20_000)),
  mask: new Int32Array(B * T).fill(1),
  index: Int32Array.from({ length: B }, (_, i) => i),
};

/** One step from the start. @returns gradients, but for a factor, by path */
async function oneStep(name: string, limitBytes: number): Promise<Readonly<Record<string, Float32Array>>> {
  let plan: StepPlan = { piece: null, bytes: 0 };
  const step = await compileStep(loaded, task, {
    plan(sizes) {
      plan = planStep(loaded, task, sizes, limitBytes);
      return plan;
    },
  });
  const state = initialState(step.sizes, loaded.weights, 0);
  const scalars = { learningRate: 1e-5, alpha: 0.4, momentum: 0.995 };
  const [started, wall] = [process.cpuUsage(), performance.now()];
  const { total } = await step.run(state, { feeds, sizes: task.sizes }, scalars);
  const { user, system } = process.cpuUsage(started);
  const seconds = `${((performance.now() - wall) / 1000).toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s`;
  const own = gigabytesOf('RssAnon') + stored;
  console.log(`${name}: pieces of ${plan.piece ?? B}, loss ${total}, ${seconds}`);
  console.log(
    `  ${(plan.bytes / 1e9).toFixed(2)} GB planned, ${own.toFixed(2)} GB after it, mapped files counted once`,
  );
  await step.release();
  return state.adamFirst;
}

/** Of this process, as the kernel counts it. */
const gigabytesOf = (field: string): number =>
  (1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1])) / 1e9;
const stored = Object.values(loaded.stored).reduce((n, array) => n + byteCount(array), 0) / 1e9;

const pieces = await oneStep('planned', Number(gigabytes) * 1e9);
if (compare) {
  const whole = await oneStep('in one piece', Number.POSITIVE_INFINITY);
  const largest = (array: Float32Array) => array.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const scale = Math.max(...Object.values(whole).map(largest));
  const apart = Object.entries(whole).map(([path, array]) => {
    const other = pieces[path] as Float32Array;
    return largest(array.map((x, i) => x - (other[i] as number))) / Math.max(largest(array), scale / 100);
  });
  console.log(`largest difference of a gradient, relative to its tensor: ${Math.max(...apart).toExponential(1)}`);
}
