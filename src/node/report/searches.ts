// The same text searches with and without the adapter, in a sample of the test images: nobody picks the good ones.

import sharp from 'sharp';
import { stream } from '../../random/index.js';
import type { ImageSet } from '../data/dataset.js';
import type { Hit, Run, SearchOptions } from '../run/types.js';
import type { Query, Ranking } from './data.js';

export interface CompareOptions {
  readonly adapter: string;
  readonly backbone: string;
  /** How many searches. */
  readonly queries: number;
  /** How many images they search, at most. */
  readonly images: number;
  readonly seed: number;
  readonly onProgress: SearchOptions['onProgress'];
}

const TILES = 5;
const TILE_PIXELS = 144;

/**
 * Draws captions of different images and searches for them before and after.
 *
 * @returns the queries, and what they were searched in, in words
 */
export async function compareSearches(
  openSearch: Run['openSearch'],
  set: ImageSet,
  { adapter, backbone, queries, images, seed, onProgress }: CompareOptions,
): Promise<{ readonly queries: readonly Query[]; readonly gallery: string }> {
  const drawn = [...stream(seed, 'report', 0).permutation(set.items.length)].slice(0, images);
  const paths = drawn.map((index) => set.path(index));
  const captions = drawn.map((index) => set.items[index]?.captions ?? []);
  const texts = captions.slice(0, queries).map((own, i) => stream(seed, 'report caption', i).pick(own));
  const search = async (options: Pick<SearchOptions, 'adapter'>): Promise<readonly (readonly Hit[])[]> => {
    const index = await openSearch({ ...options, backbone, images: paths, onProgress });
    const hits: (readonly Hit[])[] = [];
    for (const text of texts) hits.push(await index.search(text, paths.length));
    await index.close();
    return hits;
  };
  const before = await search({ adapter: null });
  const after = await search({ adapter });
  const rows = texts.map(async (text, i): Promise<Query> => {
    const right = new Set(paths.filter((_, image) => captions[image]?.includes(text)));
    return { text, before: await ranking(before[i] ?? [], right), after: await ranking(after[i] ?? [], right) };
  });
  return { queries: await Promise.all(rows), gallery: galleryText(drawn.length, set.items.length) };
}

/** The first few hits as tiles. @param right paths of the images that answer the query */
export async function ranking(hits: readonly Hit[], right: ReadonlySet<string>): Promise<Ranking> {
  const tiles = hits.slice(0, TILES).map(async ({ image }) => ({
    image: await tile(image),
    name: image.slice(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1),
    isRight: right.has(image),
  }));
  const rank = hits.find(({ image }) => right.has(image))?.rank ?? null;
  return { tiles: await Promise.all(tiles), rank, ranked: hits.length };
}

/** A small square of an image as a data URI. */
async function tile(path: string): Promise<string> {
  const image = sharp(path)
    .autoOrient()
    .resize(TILE_PIXELS, TILE_PIXELS, { fit: 'cover' })
    .flatten({ background: '#fff' });
  return `data:image/webp;base64,${(await image.webp({ quality: 78 }).toBuffer()).toString('base64')}`;
}

const galleryText = (drawn: number, all: number): string =>
  drawn === all ? `all ${all} images of the test split` : `${drawn} of the ${all} images of the test split`;
