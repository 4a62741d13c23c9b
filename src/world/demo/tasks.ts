// What the demo adapts the shipped backbone to: scenes in art it has never seen, a quarter of the nouns never named to it,
// on textured grounds with shadows; and clips, of which it has seen none.

import { join } from 'node:path';
import { found } from '../../files/files.js';
import { loadAtlas } from '../art/atlas.js';
import { type WorldFolder, writeWorld } from '../art/files.js';
import { clipWorld, sceneWorld } from '../art/scenes.js';
import type { World } from '../art/set.js';

/** Pixels a side of what is written; the backbone reads 64, people like to see more. */
const SIZE = 128;
const SEED = 7;

export interface DemoTask {
  /** Of its recipe, recipes/demo-NAME.yaml, and of its run folder. */
  readonly name: 'search' | 'answers' | 'clips';
  readonly title: string;
  readonly data: 'pictures' | 'clips';
}

export const TASKS: readonly DemoTask[] = [
  { name: 'search', title: 'find pictures by text', data: 'pictures' },
  { name: 'answers', title: 'answer questions about pictures', data: 'pictures' },
  { name: 'clips', title: 'find clips by text', data: 'clips' },
];

/** How many of each, captions included: the more complete ones, since of five some fit several pictures. */
const SIZES: Readonly<Record<DemoTask['data'], Pick<WorldFolder, 'counts' | 'captions'>>> = {
  pictures: { counts: { train: 2000, val: 0, test: 400 }, captions: { train: 2, test: 1 } },
  clips: { counts: { train: 800, val: 0, test: 200 }, captions: { train: 2, test: 1 } },
};

export const itemsOf = (data: DemoTask['data']): number =>
  Object.values(SIZES[data].counts).reduce((sum, count) => sum + count, 0);

/** Where a dataset of the demo is. */
export const dataFolder = (out: string, data: DemoTask['data']): string => join(out, 'data', data);

/** Writes a dataset of the demo, unless it is there. */
export async function writeData(
  out: string,
  data: DemoTask['data'],
  options: { readonly signal: AbortSignal; readonly onProgress: (done: number, all: number) => void },
): Promise<void> {
  const folder = dataFolder(out, data);
  if (await isThere(folder)) return;
  const { signal, onProgress } = options;
  await writeWorld(folder, await worldOf(data, join(out, 'art')), {
    ...{ ...SIZES[data], format: 'webp', signal },
    onProgress: ({ done, total }) => onProgress(done, total),
  });
}

/** Writes test pictures of the domain the backbone knows, to compare with. @param cache  folder of rasterised art */
export async function writeHome(folder: string, cache: string): Promise<void> {
  if (await isThere(folder)) return;
  const styles = [{ atlas: await loadAtlas('noto', cache), share: 1 }];
  const { counts, captions } = SIZES.pictures;
  await writeWorld(folder, sceneWorld({ domain: 'noto', styles, seed: SEED, size: SIZE }), {
    ...{ counts: { test: counts.test ?? 0 }, format: 'webp' },
    ...(captions && { captions }),
  });
}

/** @param cache  folder of rasterised art */
async function worldOf(data: DemoTask['data'], cache: string): Promise<World> {
  const styles = [{ atlas: await loadAtlas('fluent3d', cache), share: 1 }];
  const common = { domain: 'fluent3d', styles, seed: SEED, size: SIZE } as const;
  return data === 'pictures' ? sceneWorld(common) : clipWorld(common);
}

const isThere = async (path: string): Promise<boolean> => (await found(path)) !== null;
