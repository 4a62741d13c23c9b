// What ships in samples/, made again from nothing: a library of drawn pictures and clips, which are datasets too, and three
// adapters trained by the demo's recipes, in float16.
//   npx tsx scripts/samples.ts   about eight minutes on two cores; replaces samples/
// The pictures are of another seed than those that the adapters learnt from.

import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { figuresOf } from '../src/evaluate/index.js';
import { type AdapterInfo, float16Array, float32Of, packAdapter } from '../src/format/index.js';
import { override, parseRecipe, type Recipe } from '../src/recipe/index.js';
import { evaluateRun, trainRun } from '../src/verbs/run.js';
import { type Adapter, openAdapter } from '../src/weights/store/adapter-folder.js';
import { loadAtlas } from '../src/world/art/atlas.js';
import { writeWorld } from '../src/world/art/files.js';
import { clipWorld, sceneWorld } from '../src/world/art/scenes.js';
import { type DemoTask, dataFolder, TASKS, writeData } from '../src/world/demo/index.js';

const WORK = 'runs/samples';
const OUT = 'samples';
const SEED = 2025;
const PICTURES = { size: 224, counts: { train: 80, val: 16, test: 24 } };
const CLIPS = { size: 160, counts: { train: 14, val: 4, test: 6 } };

/** What the adapters are called. */
const NAMES: Readonly<Record<DemoTask['name'], string>> = {
  search: 'scene-search',
  answers: 'scene-answers',
  clips: 'clip-search',
};

const signal = new AbortController().signal;
await rm(OUT, { recursive: true, force: true });
await writeLibrary(join(OUT, 'scenes'));
for (const task of TASKS) await writeSampleAdapter(task, join(OUT, 'adapters', NAMES[task.name]));
console.log(`${OUT}: ${((await bytesOf(OUT)) / 1e6).toFixed(2)} MB`);

/** Pictures and clips, each a dataset of its own, and a manifest over both for the library. */
async function writeLibrary(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const styles = [{ atlas: await loadAtlas('fluent3d', join(WORK, 'art')), share: 1 }];
  const common = { domain: 'fluent3d', styles, seed: SEED } as const;
  const captions = { train: 2, val: 2, test: 2 };
  const [pictures, clips] = [join(folder, 'pictures'), join(folder, 'clips')];
  await writeWorld(pictures, sceneWorld({ ...common, size: PICTURES.size }), { ...PICTURES, captions, format: 'webp' });
  await writeWorld(clips, clipWorld({ ...common, size: CLIPS.size }), { ...CLIPS, captions, format: 'webp' });
  const lines = await Promise.all([pictures, clips].map(linesBelow));
  await writeFile(join(folder, 'manifest.jsonl'), `${lines.flat().join('\n')}\n`);
}

/** The lines of a dataset's manifest, with paths from the folder above, and captions alone. */
async function linesBelow(folder: string): Promise<string[]> {
  const lines = (await readFile(join(folder, 'manifest.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const { image, video, captions } = JSON.parse(line) as Record<string, unknown>;
    const kind = image === undefined ? 'video' : 'image';
    return JSON.stringify({ [kind]: `${basename(folder)}/${image ?? video}`, captions });
  });
}

/** Trains as the demo does, rounds to float16, and measures what it wrote. */
async function writeSampleAdapter({ name, title, data }: DemoTask, folder: string): Promise<void> {
  console.log(`train an adapter to ${title}`);
  await mkdir(join(WORK, 'data'), { recursive: true });
  await writeData(WORK, data, { signal, onProgress: () => {} });
  const given = parse(await readFile(`recipes/demo-${name}.yaml`, 'utf8'));
  const recipe = parseRecipe(override(given, [`data.path=${dataFolder(WORK, data)}`]), name);
  const run = join(WORK, name);
  for await (const event of trainRun(recipe, { out: run, resume: true, signal }))
    if (event.type === 'step' && event.step % 10 === 0)
      console.log(`  step ${event.step} of ${event.steps}, loss ${event.losses.total?.toFixed(3)}`);
  const adapter = await openAdapter(join(run, 'adapter'));
  await writeHalf(folder, adapter, adapter.info);
  const scores = await measured(folder, recipe);
  await writeHalf(folder, adapter, { ...adapter.info, scores, recipe: withShortPath(adapter.info.recipe) });
  console.log(`  ${JSON.stringify(scores)}`);
}

async function writeHalf(folder: string, { arrays, answers }: Adapter, info: AdapterInfo): Promise<void> {
  const halves = new Map([...arrays].map(([path, array]) => [path, float16Array(array.shape, float32Of(array))]));
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of packAdapter({ info, arrays: halves, answers }))
    await writeFile(join(folder, name), bytes);
}

async function measured(adapter: string, recipe: Recipe): Promise<AdapterInfo['scores']> {
  const { scores } = await evaluateRun({ adapter, recipe, split: 'test', onProgress: () => {} });
  return scores ? Object.fromEntries(figuresOf(scores)) : {};
}

/** The folder that the data was in says nothing elsewhere. */
function withShortPath(recipe: AdapterInfo['recipe']): AdapterInfo['recipe'] {
  const data = recipe.data as { readonly path: string };
  return { ...recipe, data: { ...data, path: basename(data.path) } };
}

async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
