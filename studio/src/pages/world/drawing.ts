// What is drawn and who looks at it, as the address of the page says it.

import type { WorldOptions } from '../../../../src/server/schema/index.js';
import { NO_ADAPTER } from '../../api/queries.js';
import { address } from '../../app/place.js';

export type Kind = 'image' | 'video';

export interface Drawing {
  readonly domain: string;
  readonly kind: Kind;
  readonly seed: number;
}

/** What is looked at, and by which one or two adapters. */
export interface Scene {
  readonly drawing: Drawing;
  readonly adapters: readonly [string] | readonly [string, string];
}

/** Seeds are below it. */
export const SEEDS = 2 ** 31;

/** Seeds go round, so that there is always a next one. */
export const seedAfter = (seed: number, steps: number): number => (((seed + steps) % SEEDS) + SEEDS) % SEEDS;

export const randomSeed = (): number => Math.floor(Math.random() * 100_000);

/** What the address asks for, as far as it can be drawn. */
export function sceneOf(query: URLSearchParams, { domains }: WorldOptions): Scene {
  const domain = domains.find(({ name }) => name === query.get('domain')) ?? domains[0];
  const kinds = domain?.kinds ?? [];
  const seed = Number(query.get('seed') ?? 1);
  const second = query.get('and');
  const first = query.get('with') ?? NO_ADAPTER;
  return {
    drawing: {
      domain: domain?.name ?? '',
      kind: kinds.find((kind) => kind === query.get('kind')) ?? kinds[0] ?? 'image',
      seed: Number.isSafeInteger(seed) ? seedAfter(seed, 0) : 1,
    },
    adapters: second === null ? [first] : [first, second],
  };
}

/** The other way round. */
export const addressOf = ({ drawing: { domain, kind, seed }, adapters: [adapter, second] }: Scene): string =>
  address('/world', { domain, kind, seed: `${seed}`, with: adapter, and: second });
