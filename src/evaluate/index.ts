export * from './answering.js';
export * from './captioning.js';
export type { Looking, OnProgress } from './options.js';
export * from './retrieval.js';
export * from './scores.js';
export * from './task.js';
