export * from '../local/types.js';
export { type EngineOptions, openEngine } from './engine.js';
