// `uniadapter/node`: the command line's verbs as functions, and the parts they are made of: files, decoders, the runtime.

export type { Scores } from '../evaluate/index.js';
export type { Recipe, RecipeInput } from '../recipe/index.js';
export type { TrainEvent } from '../train/index.js';
// from files to a model that can run
export { type Adapter, methodFor, openAdapter, writeAdapter } from './adapter-folder.js';
// the verbs
export * from './api.js';
export { type Backbone, type BackboneFolder, openBackbone, readBackbone } from './backbone.js';
// from files to images with captions
export { type Check, checkDataset, type Dataset, type ImageSet, openManifest } from './dataset.js';
export { decodeImage, IMAGE_EXTENSIONS } from './decode.js';
export { loadFresh, loadTrained, type Ready } from './load.js';
export { createOrtBackend, type OrtOptions } from './ort.js';
// fixtures of the official release
export * as parity from './parity.js';
export type { Hit, Inspection, OnProgress, Search } from './run-types.js';
