export * from './batches.js';
export * from './flaw.js';
export * from './gallery.js';
export * from './manifest.js';
export * from './order.js';
export * from './prefetch.js';
export * from './set.js';
export * from './split.js';
