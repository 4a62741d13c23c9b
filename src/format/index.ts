export * from './array.js';
export { halfOf } from './half.js';
export * from './safetensors.js';
