export * from './check.js';
export * from './json.js';
