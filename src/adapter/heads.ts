// Linear probe: nothing in the seam, only the projections and the matching head train.

import type { Method } from './method.js';

/** Trains the heads on frozen features. */
export const heads = (): Method => ({ name: 'heads', roles: ['head'], frameAware: false, seam: () => ({}) });
