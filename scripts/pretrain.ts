// Trains the backbone that ships with the package, from nothing, with the project's own `full` method:
//   npm run pretrain [-- OUT]        about an hour on two cores; stops on Ctrl-C and goes on when run again
// Stage 1 contrasts only, which is cheap; stage 2 adds matching and anneals. Pictures are drawn while it trains.

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { full } from '../src/adapter/index.js';
import type { RetrievalSet } from '../src/data/index.js';
import { evaluateRetrieval } from '../src/evaluate/index.js';
import { type BackboneInfo, float32Array, packBackbone } from '../src/format/index.js';
import { CLIP_MEAN, CLIP_STD } from '../src/image/index.js';
import { assemble, createModel, declarationsOf, type LoadedModel, type Weights } from '../src/model/index.js';
import { writeFolderAtomically } from '../src/node/files.js';
import { createOrtBackend } from '../src/node/ort.js';
import { loadCheckpoint, saveCheckpoint } from '../src/node/store/checkpoint.js';
import { loadAtlas, loadConcepts, loadNamingAtlas } from '../src/node/world/atlas.js';
import { worldSet } from '../src/node/world/files.js';
import { hash } from '../src/random/index.js';
import { parseRecipe, type Recipe } from '../src/recipe/index.js';
import { bertTokenIds, bertTokenizerJson, buildVocabulary, cleanCaption, createTokenizer } from '../src/text/index.js';
import { chosen, train } from '../src/train/index.js';
import { words } from '../src/world/index.js';

const out = process.argv[2] ?? 'models/tiny';
const work = '.cache/pretrain';
const seed = 20;
const size = 64;
const maxTokens = 24;
const vocabularySize = 2048;

const stages = [
  { name: 'contrast', epochs: 4, batch: 128, matching: 0, minLearningRate: 1e-3, warmupSteps: 150 },
  { name: 'match', epochs: 8, batch: 64, matching: 1, minLearningRate: 1e-5, warmupSteps: 50 },
] as const;
const learningRate = 1e-3;
const stepsPerEpoch = 250;
type Stage = (typeof stages)[number];

const notices = [
  'Trained on pictures composed of Noto Emoji (Google, Apache-2.0) and Twemoji (Twitter and contributors, CC BY 4.0).',
  'Names and tags of emoji: emojibase-data (MIT), from Unicode CLDR (Unicode licence).',
];

/** Of each gallery in the card. */
const gallery = { size, seed, count: 500, split: 'test' } as const;
const preprocess = { size, mean: CLIP_MEAN, std: CLIP_STD, augment: 'none' } as const;

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

await mkdir(work, { recursive: true });
const concepts = await loadConcepts();
const vocabulary = buildVocabulary(
  [...Array(20).fill(words()).flat(), ...concepts.flatMap(({ label, tags }) => [label, ...tags])].map((text) =>
    cleanCaption(text as string),
  ),
  vocabularySize - 2,
);
const tokenizerJson = bertTokenizerJson(vocabulary);
const tokens = bertTokenIds(vocabulary);
const tokenizer = createTokenizer(tokenizerJson, tokens);
const encode = (captions: readonly string[]) =>
  tokenizer.encodeBatch(
    captions.map((caption) => cleanCaption(caption)),
    maxTokens,
  );

const tower = { width: 128, layers: 4, heads: 4, mlp: 512 };
const info: BackboneInfo = {
  format: 1,
  name: 'tiny',
  vision: { imageSize: size, patch: 8, ...tower, eps: 1e-6 },
  text: { vocabulary: vocabularySize, positions: 32, ...tower, eps: 1e-12 },
  projection: 64,
  preprocess: { mean: [...CLIP_MEAN], std: [...CLIP_STD], resize: 'bicubic' },
  tokens,
  maxTokens,
  notices,
};
const model = createModel({ ...info, encodeToken: tokens.enc }, full());

const noto = await loadAtlas('noto', work);
const twemoji = await loadAtlas('twemoji', work);
const naming = {
  share: 0.15,
  concepts,
  atlases: [await loadNamingAtlas('noto', concepts, work), await loadNamingAtlas('twemoji', concepts, work)],
};

let weights: Weights = assemble(model, null, null, { seed, where: 'new backbone' });
for (const stage of stages) {
  const trained = await runStage(stage, weights);
  if (!trained) process.exit(130);
  weights = trained;
}
const arrays = new Map(
  declarationsOf(model).map(({ path, shape }) => [path, float32Array(shape, weights[path] as Float32Array)]),
);
const log = await readFile(join(work, 'log.jsonl'));
await mkdir(dirname(out), { recursive: true });
await writeFolderAtomically(
  out,
  new Map<string, Uint8Array | string>([
    ...packBackbone({ info, arrays, tokenizer: tokenizerJson }),
    ['pretrain.jsonl', log],
    ['README.md', await card(weights)],
  ]),
);
console.log(`wrote ${out}`);

/** The model's card: what it is made of, how, and how good it is. */
async function card(weights: Weights): Promise<string> {
  const fluent = await loadAtlas('fluent3d', work);
  const galleries: [string, Parameters<typeof worldSet>[0]][] = [
    ['its own domain: Noto', { domain: 'noto', styles: [{ atlas: noto, share: 1 }], ...gallery }],
    [
      'Noto, noun and colour pairs never trained together',
      { domain: 'noto', styles: [{ atlas: noto, share: 1 }], mode: 'composition', ...gallery },
    ],
    [
      'a domain never seen: Fluent 3D, 41 new nouns',
      { domain: 'fluent3d', styles: [{ atlas: fluent, share: 1 }], ...gallery },
    ],
  ];
  const loaded = { ...model, backend: createOrtBackend(), maxTokens, weights };
  const rows: string[] = [];
  for (const [name, options] of galleries) {
    const set = oneCaption(worldSet(options), () => 0);
    const how = { preprocess, encode, batch: 50, rerank: 16, similarityWeight: 0 };
    const { scores } = await evaluateRetrieval(loaded, set, how);
    const ways = [scores.textToMedia, scores.mediaToText, scores.firstStage.textToMedia];
    const cells = ways.map((way) => ['R@1', 'R@5', 'R@10'].map((k) => way[k as 'R@1']?.toFixed(1)).join(' / '));
    rows.push(`| ${name} | ${cells.join(' | ')} |`);
  }
  const parameters = Object.values(weights).reduce((n, { length }) => n + length, 0);
  const line = ({ name, epochs, batch, matching }: Stage) =>
    `- **${name}**: ${epochs * stepsPerEpoch} steps of ${batch} fresh pictures, ${matching ? 'ITC + ITM' : 'ITC'}`;
  return `# tiny

A BLIP backbone of ${parameters.toLocaleString('en-US')} parameters that reads ${size}-pixel pictures, trained from nothing by
\`npm run pretrain\` (seed ${seed}) with the project's own method \`full\`. The log is pretrain.jsonl; the recipe of each
stage is in scripts/pretrain.ts:

${stages.map(line).join('\n')}

AdamW, learning rate ${learningRate} with warm-up and cosine, no momentum twin, no queue, temperature trained.

Retrieval among 500 pictures by their complete captions, R@1 / R@5 / R@10 in percent, 16 candidates re-ranked:

| gallery | text → image | image → text | text → image by similarity alone |
|---|---|---|---|
${rows.join('\n')}

${notices.map((notice) => `- ${notice}`).join('\n')}
`;
}

async function runStage(stage: Stage, start: Weights): Promise<Weights | null> {
  const recipe = recipeOf(stage);
  const loaded: LoadedModel = { ...model, backend: createOrtBackend(), maxTokens, weights: start };
  const checkpoint = join(work, stage.name);
  const origin = { backbone: '', recipe };
  const job = train({
    run: stage.name,
    model: loaded,
    recipe,
    ...setsOf(stage),
    encode,
    preprocess,
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

function recipeOf({ epochs, batch, matching, minLearningRate, warmupSteps }: Stage): Recipe {
  return parseRecipe(
    {
      backbone: out,
      method: { name: 'full' },
      data: { manifest: 'world', augment: 'none' },
      optimiser: { learningRate, minLearningRate, warmupSteps },
      train: { epochs, batch, seed, evaluateEvery: 1, checkpointEvery: 250 },
      retrieval: { queue: 0, momentum: 0, alpha: 0, trainTemperature: true, matching, rerank: 16 },
    },
    'scripts/pretrain.ts',
  );
}

/** Fresh pictures every epoch with one caption each, and a validation gallery of Noto scenes. */
function setsOf({ name, batch }: Stage) {
  const styles = [
    { atlas: noto, share: 0.7 },
    { atlas: twemoji, share: 0.3 },
  ];
  const common = { domain: 'noto', size } as const;
  const trainSet = (epoch: number) => {
    const drawn = { seed: hash(`${name} ${seed} ${epoch}`), count: batch * stepsPerEpoch };
    return oneCaption(worldSet({ ...common, styles, naming, ...drawn }), (position) => position % 5);
  };
  const gallery = worldSet({ ...common, styles: [{ atlas: noto, share: 1 }], seed, count: 500, split: 'val' });
  return { trainSet, val: oneCaption(gallery, () => 0), test: { items: [], pixels: gallery.pixels } };
}

/** The same pictures, each with one of its captions. */
function oneCaption(set: RetrievalSet, which: (position: number) => number): RetrievalSet {
  const items = set.items.map((item, position) => ({
    id: item.id,
    image: item.image,
    line: item.line,
    get captions() {
      const all = item.captions;
      return [all[which(position) % all.length] as string];
    },
  }));
  return { items, pixels: set.pixels };
}
