// A traced value: an operator applied to other values. Plain data.

import type { DType } from './dtype.js';
import type { OperatorName, Operators } from './operators.js';
import type { Shape } from './shape.js';

export interface Tensor<O extends OperatorName = OperatorName> {
  readonly id: number;
  readonly operator: O;
  readonly inputs: readonly Tensor[];
  readonly attributes: Operators[O];
  readonly shape: Shape;
  readonly dtype: DType;
  /** The module that made it, e.g. `visual_encoder.blocks.3.attn`; gradients carry their origin's. */
  readonly path: string;
}
