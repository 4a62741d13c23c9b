// A batch of 32 at 384 pixels, retrieval with BLIP-base: how the step is planned, what it was said to take and what it
// takes. With `compare` the same step in one piece after it, and how far the gradients are apart.
//   npx tsx bench/large-batch.ts BACKBONE [GB 10] [batch 32] [pixels 384] [compare]

import { readFileSync } from 'node:fs';
import { byteCount } from '../src/format/index.js';
import { planStep, type StepPlan } from '../src/train/loop/index.js';
import { initialState } from '../src/train/loop/state.js';
import { compileStep } from '../src/train/loop/step.js';
import { batchOf, openTraining, type Training } from './training.js';

const [folder = '', gigabytes = '10', batch = '32', pixels = '384', compare] = process.argv.slice(2);
const training: Training = { task: 'retrieval', batch: Number(batch), pixels: Number(pixels), frames: null };
const { model, task } = await openTraining(folder, training);

/** One step from the start. @returns gradients, but for a factor, by path */
async function oneStep(name: string, limitBytes: number): Promise<Readonly<Record<string, Float32Array>>> {
  let plan: StepPlan = { piece: null, bytes: 0 };
  const step = await compileStep(model, task, {
    plan(sizes) {
      plan = planStep(model, task, sizes, limitBytes);
      return plan;
    },
  });
  const state = initialState(step.sizes, model.weights, 0);
  const scalars = { learningRate: 1e-5, alpha: 0.4, momentum: 0.995 };
  const [started, wall] = [process.cpuUsage(), performance.now()];
  const { total } = await step.run(state, batchOf(training, task), scalars);
  const { user, system } = process.cpuUsage(started);
  const seconds = `${((performance.now() - wall) / 1000).toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s`;
  const own = gigabytesOf('RssAnon') + stored;
  console.log(`${name}: pieces of ${plan.piece ?? batch}, loss ${total}, ${seconds}`);
  console.log(
    `  ${(plan.bytes / 1e9).toFixed(2)} GB planned, ${own.toFixed(2)} GB after it, mapped files counted once`,
  );
  await step.release();
  return state.adamFirst;
}

/** Of this process, as the kernel counts it. */
const gigabytesOf = (field: string): number =>
  (1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1])) / 1e9;
const stored = Object.values(model.stored).reduce((n, array) => n + byteCount(array), 0) / 1e9;

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
