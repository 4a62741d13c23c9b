// A world as a dataset that is drawn on demand: nothing is stored, an item is a function of its index. Splits are far
// apart ranges of indices of one seed, so no number of training items ever meets the test items.

import type { Pixels } from '../../data/image/index.js';
import type { Item, MediaKind, MediaSet, Split } from '../../data/items/index.js';
import { fail } from '../../error/index.js';
import type { Question } from '../index.js';

/** What one index of a world shows and says. */
export interface Sample {
  /** The complete one first. */
  readonly captions: () => readonly string[];
  readonly questions: () => readonly Question[];
  /** The picture, or frames of a clip by number, from 0. */
  readonly render: (frames: readonly number[]) => readonly Pixels[] | Promise<readonly Pixels[]>;
}

export interface World {
  /** Begins every id. */
  readonly name: string;
  readonly kind: MediaKind;
  /** Of every item; 1 for pictures. */
  readonly frames: number;
  /** First index of each split. */
  readonly first: Readonly<Record<Split, number>>;
  /** Past the last index. */
  readonly end: number;
  /** The same one every time. */
  readonly sample: (index: number) => Sample;
  /** A sample and its twin: the same words and things, bound or ordered another way; null where there is none. */
  readonly twins: (index: number) => readonly [Sample, Sample] | null;
}

/** The splits of worlds without an end. */
export const ENDLESS = { first: { train: 0, val: 2 ** 40, test: 2 ** 41 }, end: 2 ** 42 } as const;

export interface SetOptions {
  /** How many items; millions are fine for `'train'`, whose items are made when they are read. */
  readonly count: number;
  /** Default `'train'`. */
  readonly split?: Split;
  /** Puts the twin of each item behind it, so there are twice as many; what has none is left out. Default false. */
  readonly twins?: boolean;
}

/**
 * A set that draws what it is asked for. For endless training take as many items as the run will ever draw. The first
 * captions of `'val'`, of `'test'` and of sets with twins are all different.
 *
 * @throws `data` if the world has not so many items, or not so many that differ
 * @example
 * const noto = await loadAtlas('noto', cacheDir)
 * const world = sceneWorld({ domain: 'noto', styles: [{ atlas: noto, share: 1 }], seed: 1, size: 64 })
 * const set = worldSet(world, { count: 300000 })
 */
export function worldSet(world: World, { count, split = 'train', twins = false }: SetOptions): MediaSet {
  if (world.first[split] + count > world.end) failShort(world, count);
  const entries = twins ? twinEntries(world, split, count) : entriesOf(world, split, count);
  return {
    items: entries.map(({ id, sample }, i) => lazyItem(world, id, split, i + 1, sample)),
    async frames(position, at) {
      const { render } = (entries[position] as Entry).sample();
      const shown = at.map((t) => Math.min(world.frames - 1, Math.floor(t * world.frames)));
      const different = [...new Set(shown)];
      const pictures = await render(different);
      return shown.map((frame) => pictures[different.indexOf(frame)] as Pixels);
    },
  };
}

interface Entry {
  readonly id: string;
  readonly sample: () => Sample;
}

function entriesOf(world: World, split: Split, count: number): readonly Entry[] {
  const first = world.first[split];
  const distinct = split === 'train' ? null : distinctIndices(world, split, count, (index) => [world.sample(index)]);
  return Array.from({ length: count }, (_, position) => ({
    id: `${world.name}-${split}-${position}`,
    sample: () => world.sample(distinct ? (distinct[position] as number) : first + position),
  }));
}

function twinEntries(world: World, split: Split, count: number): readonly Entry[] {
  return distinctIndices(world, split, count, world.twins).flatMap((index, position) =>
    (['', '-twin'] as const).map((suffix, which) => ({
      id: `${world.name}-${split}-${position}${suffix}`,
      sample: () => world.twins(index)?.[which] as Sample,
    })),
  );
}

/** The first `count` indices of a split that have samples, and first captions that differ from all before. */
function distinctIndices(
  world: World,
  split: Split,
  count: number,
  samplesAt: (index: number) => readonly Sample[] | null,
): readonly number[] {
  const seen = new Set<string>();
  const indices: number[] = [];
  const first = world.first[split];
  for (let index = first; indices.length < count; index++) {
    if (index >= world.end || index - first > 100 * count) {
      if (seen.size === 0) fail('data', { where: `world ${world.name}`, what: 'has no twins', fix: 'leave them out' });
      failShort(world, count);
    }
    const told = samplesAt(index)?.map(({ captions }) => captions()[0] ?? '') ?? [];
    if (told.length > 0 && !told.some((caption) => seen.has(caption))) indices.push(index);
    for (const caption of told) seen.add(caption);
  }
  return indices;
}

function failShort({ name, end }: World, count: number): never {
  const expected = `fewer than ${count}${end < ENDLESS.end ? `; there are ${end} in all` : ''}`;
  fail('data', { where: `world ${name}`, what: 'has not so many items that differ as are wanted', expected });
}

function lazyItem({ name, kind }: World, id: string, split: Split, line: number, sample: () => Sample): Item {
  return {
    ...{ id, kind, split, line },
    media: `${name}/${id}`,
    get captions() {
      return sample().captions();
    },
    get questions() {
      const asked = sample().questions();
      return asked.map(({ question, answer, type }, i) => ({
        id: `${id}#${i + 1}`,
        question,
        answers: [answer],
        type,
      }));
    },
  };
}

/** The value of a function that is called at most once: what it draws from is not drawn again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
