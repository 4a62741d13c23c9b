export {
  type AdapterFile,
  checkBackbone,
  packAdapter,
  unpackAdapter,
} from './adapter-file.js';
export type { AdapterInfo } from './adapter-info.js';
export { readAnswers } from './answers.js';
export * from './array.js';
export { type BackboneFile, type BackboneInfo, packBackbone, unpackBackbone } from './backbone-file.js';
export { readDescription } from './description.js';
export { halfOf } from './half.js';
export { readSafetensors, type SafetensorsContent, writeSafetensors } from './safetensors.js';
