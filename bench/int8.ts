// The retrieval step of BLIP-base at 224 pixels with its frozen matrices in float32 and in int8, by turns: CPU seconds, of which
// the best counts, since other work on the machine only adds to them.
//   npx tsx bench/int8.ts BACKBONE [batch 8] [T 20] [rounds 4]

import { createCodec } from '../src/data/text/index.js';
import { assemble, createModel, declarationsOf, int8Of, methodOf } from '../src/model/index.js';
import { createOrtBackend } from '../src/node/ort.js';
import { parseRecipe } from '../src/recipe/index.js';
import { decide, taskOf } from '../src/train/loop/index.js';
import { initialState } from '../src/train/loop/state.js';
import { compileStep } from '../src/train/loop/step.js';
import { openBackbone } from '../src/weights/store/backbone.js';
import { normal } from './random-weights.js';

const PIXELS = 224;
const [folder = '', batch = '8', tokens = '20', rounds = '4'] = process.argv.slice(2);
const [B, T] = [Number(batch), Number(tokens)];
const given = parseRecipe(
  { data: { path: 'none' }, train: { batch: B }, retrieval: { queue: 57600, momentum: 0.995 } },
  'bench',
);
const recipe = decide(given, { samples: 57600, width: 768, frames: null, saysSides: false });
const { config, arrays, tokenizer, info } = await openBackbone(folder, PIXELS);
const model = { ...createModel(config, methodOf(recipe, 'training')), backend: createOrtBackend() };
const declarations = declarationsOf(model, { task: 'retrieval', frames: null });
const float32 = { ...model, ...assemble(model, declarations, arrays, { seed: 0, where: folder }) };
const models = { float32, int8: { ...float32, int8: int8Of(declarations, float32) } };
const codec = createCodec(tokenizer, { maxTokens: T, positions: info.text.positions });
const looking = { codec, preprocess: { size: PIXELS, ...info.preprocess, augment: 'none' }, frames: null } as const;
const task = taskOf({ recipe, looking, testFrames: null, candidates: [], answerTokens: 2 }, info.text.positions);
const feeds = {
  image: normal(3 * PIXELS ** 2 * B, 1),
  ids: new Int32Array(B * T).map((_, i) => 1000 + (i % 20_000)),
  mask: new Int32Array(B * T).fill(1),
  index: Int32Array.from({ length: B }, (_, i) => i),
};
const scalars = { learningRate: 1e-5, alpha: 0.4, momentum: 0.995 };

const ways = await Promise.all(
  Object.entries(models).map(async ([name, model]) => {
    const step = await compileStep(model, task, {});
    return { name, step, state: initialState(step.sizes, model.weights, 0), best: Number.POSITIVE_INFINITY };
  }),
);
for (let round = 0; round <= Number(rounds); round++)
  for (const way of ways) {
    const started = process.cpuUsage();
    const { total } = await way.step.run(way.state, { feeds, sizes: task.sizes }, scalars);
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    if (round > 0) way.best = Math.min(way.best, seconds); // the first compiles, and quantises
    console.log(`${way.name}: loss ${total?.toFixed(4)}, CPU ${seconds.toFixed(2)} s`);
  }
const [one, two] = ways.map(({ best }) => best) as [number, number];
console.log(`float32 ${one.toFixed(2)} s, int8 ${two.toFixed(2)} s: ${(one / two).toFixed(2)} times as fast`);
for (const { step } of ways) await step.release();
