export * from './config.js';
export * from './method.js';
export * from './model.js';
