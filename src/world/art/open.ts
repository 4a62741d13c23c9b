// Any of the worlds by name, with the art it needs.
import type { MediaKind, Split } from '../../data/items/index.js';
import { fail } from '../../error/index.js';
import { userCache } from '../../files/user-cache.js';
import { DOMAINS, type DomainName, type Mode } from '../index.js';
import { animationWorld, loadAnimations } from './animations.js';
import { loadAtlas, loadConcepts } from './atlas.js';
import { loadPersonArt, peopleClipWorld, peopleWorld } from './people.js';
import { clipWorld, sceneWorld } from './scenes.js';
import type { World } from './set.js';

export const WORLD_NAMES = [...(Object.keys(DOMAINS) as DomainName[]), 'people', 'animations'] as const;
export type WorldName = (typeof WORLD_NAMES)[number];

export interface OpenWorldOptions {
  readonly domain: WorldName;
  readonly kind: MediaKind;
  /** u32 */
  readonly seed: number;
  /** Edge of the pictures in pixels. */
  readonly size: number;
  /** Of scenes and their clips; default `'train'`. */
  readonly mode?: Mode;
  /** Of every clip; default 8. */
  readonly frames?: number;
  /** Of the frames of a clip, those that show something else; default 0. */
  readonly noise?: number;
  /** Of an item, at most; default 3. */
  readonly questions?: number;
  /** Items by split: of animations there are so many and no more. */
  readonly counts: Readonly<Record<Split, number>>;
  /** Where art is kept that takes long to decode. Default: the user's cache. */
  readonly cacheDir?: string;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Opens a world and loads its art.
 *
 * @throws `file` if a package with its art is not installed, `data` if the world cannot do what is asked
 */
export async function openWorld(options: OpenWorldOptions): Promise<World> {
  const { domain, kind, mode = 'train', noise = 0, frames = 8, questions: count = 3, counts, ...common } = options;
  refuse(options);
  const { seed, size, cacheDir = userCache() } = common;
  const asking = { count };
  if (domain === 'animations') {
    const concepts = await loadConcepts();
    const { onProgress } = options;
    const how = { concepts, frames, edge: size, cacheDir, ...(onProgress && { onProgress }) };
    return animationWorld({ animations: await loadAnimations(how), seed, size, counts });
  }
  if (domain === 'people') {
    const people = { art: await loadPersonArt(), seed, size, asking };
    return kind === 'image' ? peopleWorld(people) : peopleClipWorld({ ...people, frames });
  }
  const drawn = { domain, styles: [{ atlas: await loadAtlas(domain, cacheDir), share: 1 }], seed, size, mode, asking };
  return kind === 'image' ? sceneWorld(drawn) : clipWorld({ ...drawn, frames, noise });
}

/** What a domain does not have. */
function refuse({ domain, kind, mode = 'train', noise = 0 }: OpenWorldOptions): void {
  const where = `world ${domain}`;
  const isDrawn = domain === 'noto' || domain === 'fluent3d';
  if (domain === 'animations' && kind === 'image')
    fail('data', { where, what: 'has clips only', fix: 'ask for clips, or for images of fluent3d' });
  if (mode === 'composition' && !isDrawn)
    fail('data', { where, what: 'has no pairs of noun and color to hold out', fix: 'choose noto or fluent3d' });
  if (noise > 0 && !(isDrawn && kind === 'video'))
    fail('data', { where, what: 'has no noise frames', fix: 'ask for clips of noto or fluent3d' });
}
