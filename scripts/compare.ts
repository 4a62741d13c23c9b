// The methods beside each other on the demo's new domain, same pictures, epochs and batch; each with its own learning rate.
//   npm run compare            about 15 minutes on two cores; writes runs/compare/results.json
// `home` is the domain the backbone was trained on, searched with the adapter in place: what is forgotten.

import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { homeDomain, newDomain, writeDomain } from '../src/node/demo/index.js';
import { writeAtomically } from '../src/node/files.js';
import { evaluateRun, trainRun } from '../src/node/run/run.js';
import type { EventOf, Scores } from '../src/node/run/types.js';
import { override, parseRecipe, type Recipe } from '../src/recipe/index.js';

const out = 'runs/compare';

/** Only uniadapter's learning rate was tuned (of 3e-3, 8e-3 and 2e-2); the others have what is usual for them. */
const methods: Readonly<Record<string, readonly string[]>> = {
  uniadapter: [],
  'uniadapter, R 32': ['method.bottleneck=32'],
  lora: ['method={name: lora, rank: 8}', 'optimiser.learningRate=3e-3'],
  heads: ['method={name: heads}', 'optimiser.learningRate=3e-3'],
  full: ['method={name: full}', 'optimiser.learningRate=5e-4', 'optimiser.minLearningRate=1e-5'],
};

await mkdir(out, { recursive: true });
const [unseen, home] = [newDomain(out), homeDomain(out)];
for (const domain of [unseen, home]) await writeDomain(domain, join(out, 'art'), () => {});
const given = parse(await readFile('recipes/demo.yaml', 'utf8'));
const start = recipeOf([]);
const rows = [row('no adapter', null, await score(start, null, unseen.folder), await score(start, null, home.folder))];
const chosen = process.argv.slice(2);
for (const [name, changes] of Object.entries(methods)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const recipe = recipeOf(changes);
  const done = await run(recipe, join(out, name));
  rows.push(row(name, done, done.scores as Scores, await score(recipe, done.adapter, home.folder)));
  console.table(rows);
}
await writeAtomically(join(out, 'results.json'), `${JSON.stringify(rows, null, 2)}\n`);

function recipeOf(changes: readonly string[]): Recipe {
  return parseRecipe(override(given, [`data.manifest=${unseen.folder}`, ...changes]), 'recipes/demo.yaml');
}

async function run(recipe: Recipe, folder: string): Promise<EventOf<'done'> & { readonly trainable: number }> {
  await rm(folder, { recursive: true, force: true });
  let trainable = 0;
  for await (const event of trainRun(recipe, { out: folder, resume: false, signal: new AbortController().signal })) {
    if (event.type === 'plan') trainable = event.parameters.trainable;
    if (event.type === 'step' && event.step % 20 === 0)
      console.error(`${folder} ${event.step}/${event.steps} loss ${event.losses.total?.toFixed(3)}`);
    if (event.type === 'done') return { ...event, trainable };
  }
  throw new Error('unreachable: nothing interrupts the run');
}

function score(recipe: Recipe, adapter: string | null, folder: string): Promise<Scores> {
  const { backbone, retrieval, train } = recipe;
  const data = { ...recipe.data, manifest: folder };
  return evaluateRun({ adapter, backbone, data, retrieval, split: 'test', seed: train.seed, onProgress: () => {} });
}

function row(method: string, done: (EventOf<'done'> & { trainable: number }) | null, there: Scores, atHome: Scores) {
  return {
    method,
    trainable: done?.trainable ?? 0,
    fileKB: Math.round((done?.adapterBytes ?? 0) / 1000),
    'new t→i R@1': there.textToMedia['R@1'],
    'new t→i R@10': there.textToMedia['R@10'],
    'new i→t R@1': there.mediaToText['R@1'],
    'home t→i R@1': atHome.textToMedia['R@1'],
    seconds: Math.round(done?.seconds ?? 0),
  };
}
