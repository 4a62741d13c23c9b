export * from './method.js';
export * from './model.js';
