// Trains the backbone that ships with the package, from nothing, with the project's own `full` method:
//   npm run pretrain [-- OUT]        some hours on two cores; stops on Ctrl-C and goes on when run again
// Stage 1 contrasts, captions and answers; stage 2 adds matching and anneals. Pictures are drawn while it trains.

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Shape } from '../../src/compiler/tensor/index.js';
import { CLIP_MEAN, CLIP_STD } from '../../src/data/image/index.js';
import { writeFolderAtomically } from '../../src/files/files.js';
import { float32Array, packBackbone } from '../../src/format/index.js';
import { full } from '../../src/model/adapter/index.js';
import { assemble, createModel, type LoadedModel, type Weights } from '../../src/model/index.js';
import { createOrtBackend } from '../../src/node/ort.js';
import { type DecidedRecipe, parseRecipe } from '../../src/recipe/index.js';
import { chosen, decide, train } from '../../src/train/loop/index.js';
import { loadCheckpoint, saveCheckpoint } from '../../src/train/run/checkpoint.js';
import { configOf } from '../../src/weights/store/backbone.js';
import { answers } from '../../src/world/index.js';
import { card } from './card.js';
import { type JointOptions, jointParameters, jointTask } from './joint.js';
import { codec, info, tokenizerJson } from './sizes.js';
import { asksWhat, asksWhere, loadWorld } from './world.js';

const out = process.argv[2] ?? 'models/tiny';
const work = '.cache/pretrain';
const seed = 20;

const stages = [
  { name: 'contrast', epochs: 9, batch: 64, itm: 0, minLearningRate: 1e-3, warmupSteps: 150, asking: asksWhere },
  { name: 'match', epochs: 11, batch: 64, itm: 1, minLearningRate: 1e-5, warmupSteps: 50, asking: asksWhat },
] as const;
const learningRate = 1e-3;
const stepsPerEpoch = 250;
type Stage = (typeof stages)[number];

const preprocess = { size: info.vision.imageSize, mean: CLIP_MEAN, std: CLIP_STD, augment: 'none' } as const;
const looking = { codec, preprocess, frames: null };

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

await mkdir(work, { recursive: true });
const world = await loadWorld(work, info.vision.imageSize);
const model = createModel(configOf(info), full());
let weights: Weights = start();
for (const stage of stages) {
  const trained = await runStage(stage, weights);
  if (!trained) process.exit(130);
  weights = trained;
}
const arrays = new Map(
  model.p.declarations().map(({ path, shape }) => [path, float32Array(shape, weights[path] as Float32Array)]),
);
const { text, unseen } = await card(
  { ...model, backend: createOrtBackend(), weights, stored: {} },
  { world, looking, seed, stages: stages.map(stageText) },
);
await mkdir(dirname(out), { recursive: true });
await writeFolderAtomically(
  out,
  new Map<string, Uint8Array | string>([
    ...packBackbone({
      info: { ...info, ...(unseen && { unseen }) },
      arrays,
      tokenizer: tokenizerJson,
      answers: [
        ...new Set([...answers('fluent3d', 'image'), ...answers('fluent3d', 'video'), ...answers('people', 'image')]),
      ],
    }),
    ['pretrain.jsonl', await readFile(join(work, 'log.jsonl'))],
    ['README.md', text],
  ]),
);
console.log(`wrote ${out}`);

/** For the card. */
function stageText({ name, epochs, batch, itm, minLearningRate }: Stage): string {
  const losses = itm ? 'ITC, ITM, captions and answers' : 'ITC, captions and answers';
  return `**${name}**: ${epochs * stepsPerEpoch} steps of ${batch} fresh pictures with two captions and three questions each, ${losses}; AdamW from ${learningRate} to ${minLearningRate}`;
}

/** Random numbers in every parameter of all three tasks. */
function start(): Weights {
  const [first] = stages;
  const declarations = jointParameters(model, optionsOf(first));
  const { weights } = assemble(model, declarations, null, { seed, where: 'new backbone' });
  return Object.fromEntries(
    declarations.map(({ path, shape }) => [path, widened(shape, weights[path] as Float32Array)]),
  );
}

/** Matrices are declared for a width of 768; in a narrow model numbers so small would hardly pass on anything. */
function widened(shape: Shape, values: Float32Array): Float32Array {
  const gain = Math.sqrt(768 / info.text.width);
  return shape.length < 2 ? values : values.map((x) => gain * x);
}

function optionsOf({ batch, itm }: Stage): JointOptions {
  return {
    ...{ looking, batch, seed, questions: 3, questionTokens: 16, answerTokens: 4, prompt: 'a picture of ' },
    weights: { itc: 1, itm, caption: 1, answer: 1 },
    candidates: answers('noto', 'image'),
  };
}

async function runStage(stage: Stage, start: Weights): Promise<Weights | null> {
  const recipe = recipeOf(stage);
  const loaded: LoadedModel = { ...model, backend: createOrtBackend(), weights: start, stored: {} };
  const checkpoint = join(work, stage.name);
  const origin = { backbone: '', recipe };
  const job = train({
    run: stage.name,
    model: loaded,
    recipe,
    task: jointTask(optionsOf(stage)),
    trainSet: (epoch) => world.trainSet(`${stage.name} ${seed} ${epoch}`, stage.batch * stepsPerEpoch, stage.asking),
    val: world.gallery({ count: 500, split: 'val' }),
    test: world.gallery({ count: 0, split: 'test' }),
    preprocess,
    frames: null,
    jitter: false,
    restore: (sizes) => loadCheckpoint(checkpoint, sizes, origin),
    async save(state, sizes) {
      await saveCheckpoint(checkpoint, { state, sizes }, origin);
      return checkpoint;
    },
    signal: stop.signal,
    now: () => performance.now(),
  });
  for (;;) {
    const { done, value } = await job.next();
    if (done) return value && { ...start, ...chosen(value.state) };
    if (value.type === 'step' && value.step % 25 !== 0) continue;
    const line = JSON.stringify({ stage: stage.name, ...value });
    console.log(line);
    await appendFile(join(work, 'log.jsonl'), `${line}\n`);
  }
}

function recipeOf({ epochs, batch, itm, minLearningRate, warmupSteps }: Stage): DecidedRecipe {
  const recipe = parseRecipe(
    {
      backbone: out,
      method: { name: 'full' },
      data: { path: 'world', augment: 'none' },
      optimiser: { learningRate, minLearningRate, warmupSteps, schedule: 'epoch' },
      train: { epochs, batch, seed, evaluateEvery: 1, patience: 0, dropLast: true, checkpointEvery: 250 },
      retrieval: { queue: 0, momentum: 0, alpha: 0, trainTemperature: true, matching: itm, rerank: 16 },
    },
    'scripts/pretrain',
  );
  return decide(recipe, { samples: batch * stepsPerEpoch, width: info.vision.width, frames: null, saysSides: false });
}
