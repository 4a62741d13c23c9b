export { type AdamWOptions, adamw, adamwScalars, updateNames } from './adamw.js';
export { alphaRamp, cosineRate } from './schedule.js';
