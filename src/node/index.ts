// `uniadapter/node`: the command line's verbs as functions, and the parts they are made of: files, decoders, the runtime.

// from files to images and clips with texts
export { type Check, checkDataset, type Dataset, type FileSet, openDataset } from '../data/dataset/dataset.js';
export type { Scores } from '../evaluate/index.js';
export type { Evaluated } from '../evaluate/run.js';
export type { Exported } from '../export/programs/options.js';
// fixtures of the official release
export * as parity from '../parity/parity.js';
export type { AnsweredQuestion } from '../predict/ask.js';
export type { Captioned } from '../predict/caption.js';
export { loadFresh, loadTrained, type Ready } from '../predict/programs/load.js';
export type { OnProgress } from '../predict/programs/progress.js';
export type { Recipe, RecipeInput } from '../recipe/index.js';
export type { IndexEvent } from '../search/events.js';
export type { Hit, Search } from '../search/folder-search.js';
export type { TrainEvent } from '../train/loop/index.js';
export { writeAdapter } from '../train/run/adapter-writer.js';
export { decidedFor } from '../train/run/decided.js';
// the verbs
export * from '../verbs/api.js';
export type { Inspection } from '../verbs/inspect.js';
export type { Pulled } from '../weights/pull.js';
export type { Pushed } from '../weights/push.js';
// from files to a model that can run
export { type Adapter, methodFor, openAdapter } from '../weights/store/adapter-folder.js';
export { type Backbone, type BackboneFolder, openBackbone, readBackbone } from '../weights/store/backbone.js';
export { createDecoder } from './media/decoder.js';
export { decodeImage } from './media/picture/image.js';
export { createOrtBackend, type OrtOptions } from './ort.js';
