export * from './error.js';
export * from './listed.js';
