export * from './bert.js';
export * from './clean.js';
export * from './codec.js';
export * from './tokenizer.js';
export * from './vocabulary.js';
