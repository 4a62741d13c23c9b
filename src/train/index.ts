export * from './events.js';
export { chosen, type Trained, type TrainJob, train } from './loop.js';
export { restoreState, type StateInfo, type StateSizes, stateArrays, stateInfo, type TrainState } from './state.js';
