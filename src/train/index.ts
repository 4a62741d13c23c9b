export * from './events.js';
export { chosen, type Trained, type TrainJob, train } from './loop.js';
export type { TaskOptions } from './options.js';
export { planStep, type StepPlan } from './plan.js';
export { restoreState, type StateInfo, type StateSizes, stateArrays, stateInfo, type TrainState } from './state.js';
export type { EncodedSamples, StepSizes, TracedStep, TrainTask } from './task.js';
export { taskOf } from './tasks.js';
