// What the backbone sees: fresh scenes in two styles and named pictures to learn from, galleries to be measured on.

import type { MediaSet, Split } from '../../src/data/items/index.js';
import { hash } from '../../src/random/index.js';
import { loadAtlas, loadNamingAtlas } from '../../src/world/art/atlas.js';
import { type SceneWorldOptions, sceneWorld } from '../../src/world/art/scenes.js';
import { worldSet } from '../../src/world/art/set.js';
import type { DomainName, Mode } from '../../src/world/index.js';
import { concepts } from './sizes.js';

export interface Gallery {
  readonly count: number;
  readonly split: Split;
  /** Default `noto`. */
  readonly domain?: DomainName;
  readonly mode?: Mode;
}

export interface PretrainWorld {
  /** Fresh pictures. @param name  of an epoch: another name, other pictures */
  trainSet(name: string, count: number, asking: Asking): MediaSet;
  gallery(gallery: Gallery): MediaSet;
}

type Asking = NonNullable<SceneWorldOptions['asking']>;

/** Where things are more than anything else. */
export const asksWhere: Asking = {
  count: 3,
  weights: {
    ...{ colour: 1, object: 1, count: 1, total: 0.5, where: 2, name: 1 },
    ...{ relation: 2, related: 2, larger: 1, exists: 1, binding: 2 },
  },
};

/** What things are more than anything else: there are a hundred answers to learn, and few scenes where it can be asked. */
export const asksWhat: Asking = {
  count: 3,
  weights: {
    ...{ colour: 1, object: 4, count: 1.5, total: 0.5, where: 1.5, name: 4 },
    ...{ relation: 3, related: 1, larger: 3, exists: 1, binding: 1 },
  },
};

/** @param cache  folder of rasterised art @param size  pixels a side */
export async function loadWorld(cache: string, size: number): Promise<PretrainWorld> {
  const noto = await loadAtlas('noto', cache);
  const twemoji = await loadAtlas('twemoji', cache);
  const art = { noto, fluent3d: await loadAtlas('fluent3d', cache) };
  const naming = {
    share: 0.15,
    concepts,
    atlases: [await loadNamingAtlas('noto', concepts, cache), await loadNamingAtlas('twemoji', concepts, cache)],
  };
  const styles = [
    { atlas: noto, share: 0.7 },
    { atlas: twemoji, share: 0.3 },
  ];
  return {
    trainSet: (name, count, asking) =>
      worldSet(sceneWorld({ domain: 'noto', size, styles, naming, asking, seed: hash(name) }), { count }),
    gallery: ({ domain = 'noto', mode = 'train', count, split }) =>
      worldSet(sceneWorld({ domain, mode, size, seed: 20, styles: [{ atlas: art[domain], share: 1 }] }), {
        count,
        split,
      }),
  };
}
