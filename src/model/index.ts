export * from './encoder.js';
export * from './matcher.js';
export * from './method.js';
export * from './model.js';
