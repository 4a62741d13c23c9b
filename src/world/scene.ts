// A scene is plain readonly data: everything that captions, twins and pixels are made from, and nothing else.
// Every nuisance (place, flip, rotation, ground, order of drawing) is drawn independently of the nouns.
import { fail } from '../error/index.js';
import type { Stream } from '../random/index.js';
import { stream } from '../random/index.js';
import { drawGround, type Ground } from './ground.js';
import { DOMAINS, type DomainName, type Kind, kindsIn, type Mode, tintsFor } from './kinds.js';
import { arrange, relationOf } from './layout.js';
import type { Size, Thing } from './thing.js';

export type SceneType = 'single' | 'pair' | 'count' | 'multi' | 'naming';

/** What pixels are made from: a scene, or one frame of a clip. */
export interface Picture {
  /** In the order of drawing: later things cover earlier ones. */
  readonly things: readonly Thing[];
  readonly ground: Ground;
  readonly shadows: boolean;
}

export interface Scene extends Picture {
  readonly type: SceneType;
}

/** What is decided about a thing before it gets a place. */
type Wish = Pick<Thing, 'noun' | 'code' | 'tint' | 'size'>;

const EDGES: Readonly<Record<Size, readonly [number, number]>> = { small: [0.2, 0.26], large: [0.36, 0.43] };
const TYPES = ['single', 'pair', 'pair', 'count', 'multi'] as const;
const TINTED = { single: 0.6, pair: 0.7, count: 0.5, multi: 0.6 } as const;
const MAX_TILT = 0.2;

/**
 * Draws one scene; the same arguments always give the same one.
 *
 * @param domain  which nouns, ground and shadows
 * @param seed    the seed of the world, u32
 * @param index   which scene of that world
 * @param mode    `'composition'` draws held-out (noun, tint) pairs alone, `'train'` never draws one
 */
export function drawScene(domain: DomainName, seed: number, index: number, mode: Mode): Scene {
  const { textured, shadows } = DOMAINS[domain];
  const draws = stream(seed, 'scene', index);
  const type = draws.pick(TYPES);
  const from = { kinds: kindsIn(domain, mode), mode };
  const ground = drawGround(draws, textured);
  for (let attempt = 0; attempt < 100; attempt++) {
    const things = arrange(
      WISHES[type](draws, from).map((wish) => embody(draws, wish)),
      draws,
    );
    if (things && (type !== 'pair' || areRelated(things))) return { type, things, ground, shadows };
  }
  fail('internal', { where: `scene ${index} of ${domain}`, what: 'no arrangement found in 100 attempts' });
}

const WISHES: Readonly<Record<(typeof TYPES)[number], (draws: Stream, from: Choice) => readonly Wish[]>> = {
  single: (draws, from) => distinct(draws, 1, from, TINTED.single).map((w) => ({ ...w, size: anySize(draws) })),
  pair: (draws, from) => distinct(draws, 2, from, TINTED.pair).map((w) => ({ ...w, size: anySize(draws) })),
  multi: (draws, from) => {
    const size = (): Size => (draws.uniform() < 0.3 ? 'large' : 'small');
    return distinct(draws, 3 + draws.below(2), from, TINTED.multi).map((w) => ({ ...w, size: size() }));
  },
  count: (draws, from) => {
    const groups = distinct(draws, 2, from, TINTED.count);
    const first = 1 + draws.below(4);
    const second = draws.below(Math.min(3, 5 - first) + 1);
    return groups.flatMap((w, g) =>
      Array.from({ length: g === 0 ? first : second }, () => ({ ...w, size: 'small' as const })),
    );
  },
};

/** What things are chosen from. */
interface Choice {
  readonly kinds: readonly Kind[];
  readonly mode: Mode;
}

/**
 * Things of different nouns and, where tinted, different tints, so that "which object is red" has one answer.
 *
 * @param share  of the things, 0…1, how many are tinted; all in mode `'composition'`
 */
export function distinct(
  draws: Stream,
  count: number,
  { kinds, mode }: Choice,
  share: number,
): readonly Omit<Wish, 'size'>[] {
  const chosen: Omit<Wish, 'size'>[] = [];
  while (chosen.length < count) {
    const { noun, code } = draws.pick(kinds);
    const tinted = mode === 'composition' || draws.uniform() < share;
    const tint = tinted ? draws.pick(tintsFor(noun, mode)) : null;
    if (chosen.some((other) => other.noun === noun || (tint !== null && other.tint === tint))) continue;
    chosen.push({ noun, code, tint });
  }
  return chosen;
}

/** Whether left, right, above or below says clearly how a pair stands. */
const areRelated = ([a, b]: readonly Thing[]) => a !== undefined && b !== undefined && relationOf(a, b) !== null;

const anySize = (draws: Stream): Size => (draws.uniform() < 0.5 ? 'large' : 'small');

/** Edge, tilt and flip of a thing that has no place yet. */
export function embody(draws: Stream, wish: Wish): Thing {
  const [least, most] = EDGES[wish.size];
  return {
    ...wish,
    edge: least + (most - least) * draws.uniform(),
    x: 0.5,
    y: 0.5,
    rotation: MAX_TILT * (2 * draws.uniform() - 1),
    flip: draws.uniform() < 0.5,
  };
}
