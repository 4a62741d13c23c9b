export { adapterCard } from './adapter-card.js';
export {
  type AdapterFile,
  checkBackbone,
  packAdapter,
  unpackAdapter,
} from './adapter-file.js';
export { ADAPTER_FILES } from './adapter-files.js';
export { type AdapterEvaluation, type AdapterInfo, rerankingSchema } from './adapter-info.js';
export { readAnswers } from './answers.js';
export * from './array.js';
export {
  type BackboneFile,
  type BackboneInfo,
  checkBackboneInfo,
  packBackbone,
  packBackboneSides,
  unpackBackbone,
  unpackDescription,
} from './backbone-file.js';
export { crc32 } from './checksum.js';
export { checkDescription, readDescription } from './description.js';
export { type BoardEvent, eventRecord, startEventFile } from './event-file.js';
export { halfOf } from './half.js';
export { type ForeignConfig, readBlipConfig, readImageProcessor } from './hugging-face.js';
export { describePickled, type Pickled, readPickle, type TorchStorage, TorchTensor, type Unpickled } from './pickle.js';
export {
  indexSafetensors,
  readSafetensors,
  type SafetensorsContent,
  safetensorsDataStart,
  startSafetensors,
  writeSafetensors,
} from './safetensors.js';
export type { StoredTensor, StoredTensors } from './stored.js';
export { type FindStorage, readStateDict, type StateDict } from './torch.js';
export { writeStateDict } from './torch-write.js';
