// Full fine-tuning: no hooks, everything trains. What adapters are compared with.

import type { Method } from './method.js';

/** Trains the whole backbone. */
export const full = (): Method => ({
  name: 'full',
  roles: ['base', 'adapter', 'head', 'lmHead'],
  frameAware: false,
  hooks: () => ({}),
});
