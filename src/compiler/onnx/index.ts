export { type Int8Matrix, int8Names } from './int8.js';
export { type Lowered, type LowerOptions, lower, type Signature } from './lower.js';
export type { Target } from './lowering.js';
export type { Location, StoredType } from './proto.js';
