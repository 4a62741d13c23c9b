// The demo's new domain: scenes in art the shipped backbone has never seen, a quarter of the nouns never named to it,
// on textured grounds with shadows. And a gallery of the domain it knows, to compare with.

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAtlas, type Style } from '../world/atlas.js';
import { writeWorld } from '../world/files.js';
import { sceneWorld } from '../world/scenes.js';

/** Pixels a side of the written images; the backbone reads 64, people like to see more. */
const SIZE = 128;
const SEED = 7;
export const TRAIN_IMAGES = 3000;
export const TEST_IMAGES = 400;

export interface Domain {
  /** The folder with images and manifest.jsonl. */
  readonly folder: string;
  readonly style: Extract<Style, 'noto' | 'fluent3d'>;
  readonly counts: { readonly train: number; readonly val: number; readonly test: number };
}

/** Never seen: to be learnt. */
export const newDomain = (folder: string): Domain => ({
  folder: join(folder, 'data'),
  style: 'fluent3d',
  counts: { train: TRAIN_IMAGES, val: 0, test: TEST_IMAGES },
});

/** What the backbone was trained on; other scenes than it has seen. */
export const homeDomain = (folder: string): Domain => ({
  folder: join(folder, 'home'),
  style: 'noto',
  counts: { train: 0, val: 0, test: TEST_IMAGES },
});

/** Writes a domain as an ordinary dataset, unless it is there. @param cache folder of rasterised art */
export async function writeDomain(
  { folder, style, counts }: Domain,
  cache: string,
  onProgress: (done: number, all: number) => void,
): Promise<void> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const atlas = await loadAtlas(style, cache);
  const world = sceneWorld({ domain: style, styles: [{ atlas, share: 1 }], seed: SEED, size: SIZE });
  await writeWorld(folder, world, {
    counts,
    captions: { train: 2, test: 1 }, // the more complete ones: of five, some fit several pictures
    format: 'webp',
    onProgress: ({ done, total }) => onProgress(done, total),
  });
}
