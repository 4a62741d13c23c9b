export { type EngineOptions, openEngine } from './engine.js';
export * from './types.js';
