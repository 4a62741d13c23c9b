export * from './error.js';
export * from './listed.js';
export * from './visible.js';
