// `uniadapter`: everything that needs no platform. A folder whose words are general is a namespace of the same name
// (`tensor.matmul`, `nn.linear`, `adapter.lora`); the few verbs that carry a whole job stand alone.

// a server that runs elsewhere: its API as functions
export { type Client, type ClientOptions, createClient } from './client/index.js';
// programs: trace, print, differentiate, lower, compile
export { gradients } from './compiler/autodiff/index.js';
export { type Lowered, lower } from './compiler/onnx/index.js';
export {
  type Backend,
  type CompileOptions,
  compile,
  type Feeds,
  type Program,
  type Session,
} from './compiler/runtime/index.js';
export * as tensor from './compiler/tensor/index.js';
export * as image from './data/image/index.js';
// what goes in: captions, pixels, datasets, recipes, files as bytes
export * as data from './data/index.js';
export * as text from './data/text/index.js';
export * as video from './data/video/index.js';
// everywhere
export { type ErrorCode, type Problem, UniAdapterError } from './error/index.js';
// what comes out: a trained state, scores
export {
  evaluateAnswering,
  evaluateCaptioning,
  evaluateRetrieval,
  evaluateTask,
  figuresOf,
  type Scores,
} from './evaluate/index.js';
export * as metric from './evaluate/metric/index.js';
export * as format from './format/index.js';
// models: layers, the backbone, the methods, the objectives, the optimiser
export * as adapter from './model/adapter/index.js';
export * as blip from './model/blip/index.js';
export * as model from './model/index.js';
export * as nn from './model/nn/index.js';
export * as task from './model/task/index.js';
export * as predict from './predict/programs/index.js';
export { type Stream, stream } from './random/index.js';
export * as recipe from './recipe/index.js';
export {
  chosen,
  type TrainEvent,
  type Trained,
  type TrainJob,
  type TrainTask,
  taskOf,
  train,
} from './train/loop/index.js';
export * as optim from './train/optim/index.js';
