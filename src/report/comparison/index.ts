export * from './compare.js';
export * from './data.js';
export * from './page.js';
