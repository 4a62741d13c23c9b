export {
  type AdapterFile,
  checkBackbone,
  packAdapter,
  unpackAdapter,
} from './adapter-file.js';
export type { AdapterInfo } from './adapter-info.js';
export { readAnswers } from './answers.js';
export * from './array.js';
export {
  type BackboneFile,
  type BackboneInfo,
  packBackbone,
  unpackBackbone,
  unpackDescription,
} from './backbone-file.js';
export { readDescription } from './description.js';
export { halfOf } from './half.js';
export {
  indexSafetensors,
  readSafetensors,
  type SafetensorsContent,
  safetensorsDataStart,
  writeSafetensors,
} from './safetensors.js';
export type { StoredTensor, StoredTensors } from './stored.js';
