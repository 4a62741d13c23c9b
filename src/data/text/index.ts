export * from './bert.js';
export * from './clean.js';
export * from './codec.js';
export * from './reading.js';
export * from './tokenizer.js';
export * from './trim.js';
export * from './vocabulary.js';
