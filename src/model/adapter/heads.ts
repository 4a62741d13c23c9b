// Linear probe: no hooks, only the projections, the matching head and the LM head train.

import type { Method } from './method.js';

/** Trains the heads on frozen features. */
export const heads = (): Method => ({
  name: 'heads',
  roles: ['head', 'lmHead'],
  frameAware: false,
  hooks: () => ({}),
});
