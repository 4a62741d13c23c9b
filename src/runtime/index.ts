export type { Backend, Feeds, Files, Session } from './backend.js';
export { peakBytes } from './memory.js';
export { type CompileOptions, compile, type Program } from './program.js';
