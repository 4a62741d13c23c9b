// The traced value. Equal expressions are the same object (hash-consing), so common parts are computed once:
// a momentum twin, for one, shares everything below the first trainable parameter without anyone arranging it.

import { fail } from '../../error/index.js';
import type { OperatorName, Operators } from './operators.js';
import { printShape } from './shape.js';
import { shapeRules } from './shape-rules.js';
import type { Tensor } from './tensor.js';

interface Trace {
  readonly interned: Map<string, Tensor>;
  readonly identities: WeakMap<object, number>;
  readonly path: string[];
  readonly values: Tensor[];
  readonly declared: Map<string, Tensor>;
  arrays: number;
}

let current: Trace | null = null;

/** Runs `build` in a fresh trace; values made inside may not be mixed with those of another trace. */
export function trace<T>(build: () => T): T {
  const outer = current;
  current = { interned: new Map(), identities: new WeakMap(), path: [], values: [], declared: new Map(), arrays: 0 };
  try {
    return build();
  } finally {
    current = outer;
  }
}

/** Values made while `build` runs carry `name` in their path: `within('attn', () => …)`. */
export function within<T>(name: string, build: () => T): T {
  const { path } = active();
  path.push(name);
  try {
    return build();
  } finally {
    path.pop();
  }
}

/** Makes, or finds again, the value of an operator. Checks operands: every shape error is reported here. */
export function make<O extends OperatorName>(operator: O, inputs: readonly Tensor[], attributes: Operators[O]): Tensor {
  const trace = active();
  if (inputs.some((x) => trace.values[x.id] !== x))
    fail('internal', { where: operator, what: 'an operand was made in another trace(() => …)' });
  const key = `${operator}(${inputs.map((x) => x.id).join()})${fingerprint(attributes, trace)}`;
  const known = trace.interned.get(key);
  if (known) return known;
  const path = trace.path.join('.');
  const { shape, dtype } = shapeRules[operator](inputs, attributes, (what, expected) =>
    fail('shape', {
      where: `${operator}${path && ` in ${path}`}`,
      what,
      got: inputs.map((x) => `${x.dtype} ${printShape(x.shape)}`).join(' and '),
      expected,
    }),
  );
  const tensor: Tensor<O> = { id: trace.values.length, operator, inputs, attributes, shape, dtype, path };
  if (is(tensor, 'input')) declare(tensor, trace);
  trace.interned.set(key, tensor);
  trace.values.push(tensor);
  return tensor;
}

/** An input is one array: the same name cannot stand for two types. */
function declare(tensor: Tensor<'input'>, { declared }: Trace): void {
  const { name } = tensor.attributes;
  const before = declared.get(name);
  if (before)
    fail('shape', {
      where: `input ${name}${tensor.path && ` in ${tensor.path}`}`,
      what: 'was declared before with another type',
      got: `${tensor.dtype} ${printShape(tensor.shape)}`,
      expected: `${before.dtype} ${printShape(before.shape)}`,
    });
  declared.set(name, tensor);
}

function active(): Trace {
  return current ?? fail('internal', { where: 'trace', what: 'an operator was used outside trace(() => …)' });
}

/** A key of attributes: arrays of data by identity, everything else by value. */
function fingerprint(attributes: object, trace: Trace): string {
  const { identities } = trace;
  return JSON.stringify(attributes, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (!ArrayBuffer.isView(value)) return value;
    const elements = value as unknown as ArrayLike<number | bigint>;
    if (elements.length <= 16) return `${value.constructor.name}:${Array.from(elements, String).join()}`;
    if (!identities.has(value)) identities.set(value, trace.arrays++);
    return identities.get(value);
  });
}

/** Narrowing by operator name. */
export function is<O extends OperatorName>(tensor: Tensor, operator: O): tensor is Tensor<O> {
  return tensor.operator === operator;
}
