export * from './demo.js';
export { type DemoTask, dataFolder, TASKS, writeData, writeHome } from './tasks.js';
