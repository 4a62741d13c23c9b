export * from './answerer.js';
export * from './attention.js';
export * from './captioner.js';
export * from './matcher.js';
export * from './media-encoder.js';
export * from './mixed-text-encoder.js';
export { type Pair, type PairSizes, pickRows } from './pairs.js';
export type { RankedAnswer } from './ranker.js';
export * from './text-encoder.js';
