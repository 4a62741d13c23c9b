export * from './charts.js';
export * from './collect.js';
export { compareRuns } from './comparison/index.js';
export * from './data.js';
export * from './examples.js';
export * from './page.js';
export * from './report.js';
export * from './run-report.js';
