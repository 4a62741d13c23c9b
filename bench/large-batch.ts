// A batch of 32 at 384 pixels, retrieval with BLIP-base: how the step is planned, what it was said to take and what it
// takes. One step; its memory is that of a process of its own.
//   npx tsx bench/large-batch.ts BACKBONE [GB 10] [batch 32] [pixels 384]

import { readFileSync } from 'node:fs';
import { assemble, createModel, declarationsOf, methodOf } from '../src/model/index.js';
import { createOrtBackend } from '../src/node/ort.js';
import { openBackbone } from '../src/node/store/backbone.js';
import { parseRecipe } from '../src/recipe/index.js';
import { createCodec } from '../src/text/index.js';
import { planStep, type StepPlan, taskOf } from '../src/train/index.js';
import { initialState } from '../src/train/state.js';
import { compileStep } from '../src/train/step.js';
import { normal } from './random-weights.js';

const [folder = '', gigabytes = '10', batch = '32', pixels = '384'] = process.argv.slice(2);
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

let plan: StepPlan = { piece: null, bytes: 0 };
const step = await compileStep(loaded, task, {
  plan(sizes) {
    plan = planStep(loaded, task, sizes, Number(gigabytes) * 1e9);
    return plan;
  },
});
console.log(`plan: pieces of ${plan.piece ?? batch}, ${(plan.bytes / 1e9).toFixed(2)} GB`);
const state = initialState(step.sizes, loaded.weights, 0);
const B = Number(batch);
const T = codec.maxTokens;
const feeds = {
  image: normal(3 * Number(pixels) ** 2 * B, 1),
  ids: new Int32Array(B * T).map((_, i) => 1000 + (i % 20_000)),
  mask: new Int32Array(B * T).fill(1),
  index: Int32Array.from({ length: B }, (_, i) => i),
};
const started = process.cpuUsage();
const losses = await step.run(state, { feeds, sizes: task.sizes }, { learningRate: 1e-5, alpha: 0.4, momentum: 0.995 });
const { user, system } = process.cpuUsage(started);
const peak = (name: string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1e6;
console.log(losses);
console.log(
  `CPU ${((user + system) / 1e6).toFixed(0)} s, peak resident ${peak('VmHWM').toFixed(2)} GB, now own ${peak('RssAnon').toFixed(2)} GB, mapped ${peak('RssFile').toFixed(2)} GB`,
);
