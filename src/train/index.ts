export { decide, type Facts } from './decide.js';
export * from './events.js';
export { adamwOptions, chosen, finish, settingsOf, type Trained, type TrainJob, train } from './loop.js';
export type { TaskOptions } from './options.js';
export { planStep, type StepPlan } from './plan.js';
export { restoreState, type StateInfo, type StateSizes, stateArrays, stateInfo, type TrainState } from './state.js';
export { type StepPrograms, stepPrograms } from './step.js';
export type { Build, EncodedSamples, StepSizes, TracedStep, TrainTask } from './task.js';
export { taskOf } from './tasks.js';
