// The methods beside each other on the demo's pictures, for searching and for answering: same data, epochs and batch;
// each with its own learning rate.
//   npm run compare [-- METHOD …]   about half an hour on two cores; writes runs/compare/results.json
// `home` is the domain the backbone was trained on, with the adapter in place: what is forgotten.

import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { figuresOf, type Scores } from '../src/evaluate/index.js';
import { writeAtomically } from '../src/files/files.js';
import { override, parseRecipe, type Recipe } from '../src/recipe/index.js';
import type { EventOf } from '../src/train/loop/index.js';
import { evaluateRun, trainRun } from '../src/verbs/run.js';
import { dataFolder, writeData, writeHome } from '../src/world/demo/index.js';

const out = 'runs/compare';

/** Only uniadapter's learning rates were tuned; the others have what is usual for them. */
const methods: Readonly<Record<string, readonly string[]>> = {
  uniadapter: [],
  'uniadapter, R 32': ['method.bottleneck=32'],
  lora: ['method={name: lora, rank: 8}', 'optimiser.learningRate=3e-3'],
  heads: ['method={name: heads}', 'optimiser.learningRate=3e-3'],
  full: ['method={name: full}', 'optimiser.learningRate=5e-4', 'optimiser.minLearningRate=1e-5'],
};

/** The figures of a task that are worth a column. */
const shown = { search: ['textToMedia R@1', 'textToMedia R@10', 'mediaToText R@1'], answers: ['accuracy'] } as const;
type TaskName = keyof typeof shown;

const signal = new AbortController().signal;
await mkdir(join(out, 'data'), { recursive: true });
const home = join(out, 'data', 'home');
await writeData(out, 'pictures', { signal, onProgress: () => {} });
await writeHome(home, join(out, 'art'));
const chosen = process.argv.slice(2);
const rows: Record<string, string | number>[] = [];
for (const task of ['search', 'answers'] as const) {
  const given = parse(await readFile(`recipes/demo-${task}.yaml`, 'utf8'));
  const recipeOf = (changes: readonly string[]): Recipe =>
    parseRecipe(override(given, [`data.path=${dataFolder(out, 'pictures')}`, ...changes]), `demo-${task}`);
  const start = recipeOf([]);
  rows.push(row(task, 'no adapter', null, await score(start, null), await score(start, null, home)));
  for (const [name, changes] of Object.entries(methods)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const recipe = recipeOf(changes);
    const done = await run(recipe, join(out, `${task}, ${name}`));
    rows.push(row(task, name, done, done.scores as Scores, await score(recipe, done.adapter, home)));
    console.table(rows);
  }
}
await writeAtomically(join(out, 'results.json'), `${JSON.stringify(rows, null, 2)}\n`);

type Done = EventOf<'done'> & { readonly trainable: number };

async function run(recipe: Recipe, folder: string): Promise<Done> {
  await rm(folder, { recursive: true, force: true });
  let trainable = 0;
  for await (const event of trainRun(recipe, { out: folder, resume: false, signal })) {
    if (event.type === 'plan') trainable = event.parameters.trainable;
    if (event.type === 'step' && event.step % 20 === 0)
      console.error(`${folder} ${event.step}/${event.steps} loss ${event.losses.total?.toFixed(3)}`);
    if (event.type === 'done') return { ...event, trainable };
  }
  throw new Error('unreachable: nothing interrupts the run');
}

async function score(recipe: Recipe, adapter: string | null, path = recipe.data.path): Promise<Scores> {
  const there = { ...recipe, data: { ...recipe.data, path } };
  const { scores } = await evaluateRun({ adapter, recipe: there, split: 'test', onProgress: () => {} });
  return scores as Scores;
}

function row(task: TaskName, method: string, done: Done | null, there: Scores, atHome: Scores) {
  const pick = (scores: Scores, prefix: string) =>
    figuresOf(scores)
      .filter(([name]) => (shown[task] as readonly string[]).includes(name))
      .map(([name, value]) => [`${prefix} ${name}`, Math.round(10 * value) / 10] as const);
  return {
    ...{ task, method, trainable: done?.trainable ?? 0, fileKB: Math.round((done?.adapterBytes ?? 0) / 1000) },
    ...Object.fromEntries([...pick(there, 'new'), ...pick(atHome, 'home')]),
    seconds: Math.round(done?.seconds ?? 0),
  };
}
