export * from './demo.js';
export { type DemoTask, dataFolder, TASKS, writeData } from './tasks.js';
