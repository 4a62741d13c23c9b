export { compareRuns } from './comparison/index.js';
export * from './page/charts.js';
export * from './report.js';
export * from './run/collect.js';
export * from './run/data.js';
export * from './run/examples.js';
export * from './run/page.js';
export * from './run/run-report.js';
