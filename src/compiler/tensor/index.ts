export * from './dtype.js';
export * from './functions.js';
export type { OperatorName, Operators } from './operators.js';
export { ordered, print } from './print.js';
export { broadcast, printShape, type Shape, sameShape, sizeOf } from './shape.js';
export type { Tensor } from './tensor.js';
export { is, make, trace, within } from './value.js';
