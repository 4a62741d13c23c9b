// The demo: a domain the backbone has never seen, search before, training, search after, a report. Everything goes
// through what users call; the demo only draws the pictures and tells the story.

import { access, mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { stream } from '../../random/index.js';
import { override, parseRecipe, type Recipe } from '../../recipe/index.js';
import { openManifest } from '../data/dataset.js';
import { readBytes } from '../files.js';
import { reportRun } from '../report/index.js';
import { runFolder } from '../run/folder.js';
import type { EventOf, Hit, Run, Scores } from '../run/types.js';
import type { Step, Steps } from '../terminal/index.js';
import { type Domain, homeDomain, newDomain, TEST_IMAGES, TRAIN_IMAGES, writeDomain } from './domain.js';

export interface DemoOptions {
  readonly run: Run;
  /** Where everything goes. */
  readonly out: string;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

export interface DemoResult {
  readonly before: Scores;
  readonly after: Scores;
  /** The backbone on the domain it knows. */
  readonly home: Scores;
  readonly plan: EventOf<'plan'>;
  readonly done: EventOf<'done'>;
  readonly searches: readonly { readonly text: string; readonly hits: readonly Hit[] }[];
  /** Path of the HTML file. */
  readonly report: string;
}

/** Steps of the demo, for {@link Steps}. */
export const DEMO_STEPS = 6;

/** @returns null when it was interrupted: the next run goes on from the checkpoint */
export async function demo({ run, out, steps, signal }: DemoOptions): Promise<DemoResult | null> {
  await mkdir(out, { recursive: true });
  const [unseen, home] = [newDomain(out), homeDomain(out)];
  const folder = join(out, 'run');
  const recipe = await demoRecipe(unseen);
  await steps.run(`Draw ${TRAIN_IMAGES + TEST_IMAGES} pictures in art the backbone has never seen`, async (step) => {
    for (const domain of [unseen, home]) await writeDomain(domain, join(out, 'art'), progress(step));
  });
  const atHome = await steps.run('Search the domain it knows, without an adapter', (step) =>
    scored(run, recipe, home, step),
  );
  const before = await steps.run('Search the new domain, without an adapter', (step) =>
    scored(run, recipe, unseen, step),
  );
  if (await exists(runFolder(folder).adapter)) await rm(folder, { recursive: true }); // an earlier demo's, complete
  const trained = await steps.run('Train a UniAdapter on the new domain, then search it again', (step) =>
    trainAdapter(run, recipe, { folder, signal }, step),
  );
  if (!trained) return null;
  const searches = await steps.run('Search by three captions of test pictures', (step) =>
    threeSearches(run, recipe, trained.done.adapter, step),
  );
  const report = await steps.run('Write a report', async (step) => {
    const options = { run, before, queries: 6, images: 200 };
    return reportRun(folder, { ...options, onProgress: step.update });
  });
  return { before, home: atHome, after: trained.done.scores as Scores, ...trained, searches, report };
}

/** recipes/demo.yaml, from the package. */
async function demoRecipe({ folder }: Domain): Promise<Recipe> {
  const path = fileURLToPath(new URL('../../../recipes/demo.yaml', import.meta.url));
  const given = parse(new TextDecoder().decode(await readBytes(path)));
  return parseRecipe(override(given, [`data.manifest=${JSON.stringify(folder)}`]), path);
}

async function scored(run: Run, recipe: Recipe, { folder }: Domain, step: Step): Promise<Scores> {
  const { backbone, retrieval, train } = recipe;
  const data = { ...recipe.data, manifest: folder };
  const common = { adapter: null, backbone, retrieval, split: 'test', seed: train.seed } as const;
  const scores = await run.evaluateRun({ ...common, data, onProgress: progress(step) });
  step.summarise(`text → image R@1 ${scores.textToMedia['R@1']?.toFixed(1)} %`);
  return scores;
}

async function trainAdapter(
  run: Run,
  recipe: Recipe,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
  step: Step,
): Promise<{ readonly plan: EventOf<'plan'>; readonly done: EventOf<'done'> } | null> {
  let plan: EventOf<'plan'> | null = null;
  for await (const event of run.trainRun(recipe, { out: folder, resume: true, signal })) {
    if (event.type === 'plan') plan = event;
    if (event.type === 'step') {
      const detail = `loss ${event.losses.total?.toFixed(2)}`;
      step.update({ done: event.step, all: event.steps, secondsLeft: event.secondsLeft, detail });
    }
    if (event.type !== 'done' || !plan) continue;
    step.summarise(`text → image R@1 ${event.scores?.textToMedia['R@1']?.toFixed(1)} %`);
    return { plan, done: event };
  }
  return null;
}

async function threeSearches(run: Run, recipe: Recipe, adapter: string, step: Step): Promise<DemoResult['searches']> {
  const { splits } = await openManifest(recipe.data.manifest, { seed: recipe.train.seed });
  const { items, path } = splits.test;
  const images = items.map((_, i) => path(i));
  const search = await run.openSearch({ adapter, images, onProgress: progress(step) });
  const draws = stream(recipe.train.seed, 'demo searches', 0);
  const texts = [...draws.permutation(items.length)].slice(0, 3).map((i) => draws.pick(items[i]?.captions ?? []));
  const found: { text: string; hits: readonly Hit[] }[] = [];
  for (const text of texts) found.push({ text, hits: await search.search(text, 3) });
  await search.close();
  return found.map(({ text, hits }) => ({
    text,
    hits: hits.map((hit) => ({ ...hit, image: relative('.', hit.image) })),
  }));
}

const progress = (step: Step) => (done: number, all: number) => step.update({ done, all });

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
