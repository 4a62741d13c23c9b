export * from './formats/index.js';
export * from './items/index.js';
