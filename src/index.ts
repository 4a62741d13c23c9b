// `uniadapter`: everything that needs no platform. A folder whose words are general is a namespace of the same name
// (`tensor.matmul`, `nn.linear`, `adapter.lora`); the few verbs that carry a whole job stand alone.

// models: layers, the backbone, the methods, the objectives, the optimiser
export * as adapter from './adapter/index.js';
// programs: trace, print, differentiate, lower, compile
export { gradients } from './autodiff/index.js';
export * as blip from './blip/index.js';
// a server that runs elsewhere: its API as functions
export { type Client, type ClientOptions, createClient } from './client/index.js';
// what goes in: captions, pixels, datasets, recipes, files as bytes
export * as data from './data/index.js';
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
export * as format from './format/index.js';
export * as image from './image/index.js';
export * as metric from './metric/index.js';
export * as model from './model/index.js';
export * as nn from './nn/index.js';
export { type Lowered, lower } from './onnx/index.js';
export * as optim from './optim/index.js';
export { type Stream, stream } from './random/index.js';
export * as recipe from './recipe/index.js';
export { type Backend, type CompileOptions, compile, type Feeds, type Program, type Session } from './runtime/index.js';
export * as task from './task/index.js';
export * as tensor from './tensor/index.js';
export * as text from './text/index.js';
export { chosen, type TrainEvent, type Trained, type TrainJob, type TrainTask, taskOf, train } from './train/index.js';
export * as video from './video/index.js';
