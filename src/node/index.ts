// `uniadapter/node`: the command line's verbs as functions, and the parts they are made of: files, decoders, the runtime.

export type { Scores } from '../evaluate/index.js';
export type { Recipe, RecipeInput } from '../recipe/index.js';
export type { TrainEvent } from '../train/index.js';
// the verbs
export * from './api.js';
// from files to images and clips with texts
export { type Check, checkDataset, type Dataset, type FileSet, openDataset } from './data/dataset.js';
export type { IndexEvent } from './library/events.js';
export { createDecoder } from './media/decoder.js';
export { decodeImage } from './media/image.js';
export { createOrtBackend, type OrtOptions } from './ort.js';
// fixtures of the official release
export * as parity from './parity/parity.js';
export { decidedFor } from './run/decided.js';
export { loadFresh, loadTrained, type Ready } from './run/load.js';
export type {
  AnsweredQuestion,
  Captioned,
  Evaluated,
  Exported,
  Hit,
  Inspection,
  OnProgress,
  Pulled,
  Pushed,
  Search,
} from './run/types.js';
// from files to a model that can run
export { type Adapter, methodFor, openAdapter, writeAdapter } from './store/adapter-folder.js';
export { type Backbone, type BackboneFolder, openBackbone, readBackbone } from './store/backbone.js';
