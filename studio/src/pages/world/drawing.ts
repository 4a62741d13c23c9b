// What is drawn, as the address of the page says it: domain, kind and seed.

import { go, address, usePlace } from '../../app/place.js';

export type Kind = 'image' | 'video';

export interface Drawing {
  readonly domain: string;
  readonly kind: Kind;
  readonly seed: number;
}

/** Seeds are below it. */
export const SEEDS = 2 ** 31;

/** Seeds go round, so that there is always a next one. */
export const seedAfter = (seed: number, steps: number): number => (((seed + steps) % SEEDS) + SEEDS) % SEEDS;

export const randomSeed = (): number => Math.floor(Math.random() * 100_000);
