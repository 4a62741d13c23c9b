export * from './answering.js';
export { type BlindFigure, blindFigures } from './blind.js';
export * from './captioning.js';
export type { Looking, OnProgress } from './options.js';
export * from './remarks.js';
export * from './reranking.js';
export * from './retrieval.js';
export * from './scores.js';
export * from './task.js';
