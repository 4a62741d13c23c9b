export * from './charts.js';
export * from './collect.js';
export * from './data.js';
export * from './examples.js';
export * from './page.js';
export * from './run-report.js';
