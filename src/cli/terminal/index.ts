export * from './bar.js';
export * from './progress.js';
export * from './scores.js';
export * from './steps.js';
export * from './style.js';
export * from './table.js';
export * from './terminal.js';
