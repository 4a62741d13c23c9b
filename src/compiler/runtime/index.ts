export type { Backend, Feeds, Files, Session } from './backend.js';
export { createInt8Weights, type Int8Weights } from './int8-weights.js';
export { peakBytes } from './memory.js';
export { type CompileOptions, compile, type Program } from './program.js';
