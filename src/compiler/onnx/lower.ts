// A traced program → an ONNX model. Values that no output depends on are never reached, hence never emitted.

import { type DType, type NumberArray, ordered, type Shape, type Tensor } from '../tensor/index.js';
import { createInt8Emitter, type Int8Matrix, int8Factors, int8Names } from './int8.js';
import { type Emitter, lowerings, type Target } from './lowering.js';
import { dataType, externalTensor, type Location, model, node, type Parts, tensor, valueInfo } from './proto.js';

export interface Signature {
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface Lowered {
  readonly bytes: Uint8Array;
  /** What has to be fed, by name. Inputs that became part of the model are not among them. */
  readonly inputs: ReadonlyMap<string, Signature>;
  readonly outputs: ReadonlyMap<string, Signature>;
  /** Matrices in int8 that are among the inputs. */
  readonly int8: readonly Int8Matrix[];
}

export interface LowerOptions {
  readonly target: Target;
  /** Inputs that never change, and where their bytes are: they become initializers outside of the model. */
  readonly frozen?: ReadonlyMap<string, Location>;
  /** Inputs, matrices that never change, whose products are computed in int8. */
  readonly int8?: ReadonlySet<string>;
}

/** Lowers the program that computes `outputs`; their names are the record's keys. */
export function lower(
  outputs: Readonly<Record<string, Tensor>>,
  { target, frozen = new Map(), int8: wanted = new Set() }: LowerOptions,
): Lowered {
  const parts: Parts = { nodes: [], initializers: [], inputs: [], outputs: [] };
  const names = new Map<Tensor, string>();
  const inputs = new Map<string, Signature>();
  const int8 = new Map<string, Int8Matrix>();
  const factors = int8Factors(outputs, wanted);
  const matrices = new Set([...factors.keys()].map(({ inputs: [, right] }) => right));
  const emitter = createEmitter(parts);
  for (const value of ordered(Object.values(outputs))) {
    const factor = factors.get(value);
    if (value.operator === 'input' && !matrices.has(value)) declare(value as Tensor<'input'>, parts, frozen, inputs);
    if (factor) int8.set(declareInt8(factor, value.inputs[1] as Tensor, parts, inputs), factor);
    names.set(value, factor ? emitter.int8(value, names, factor) : emitter.lower(value, names, target));
  }
  for (const [name, value] of Object.entries(outputs)) {
    parts.nodes.push(node('Identity', [names.get(value) as string], [`out:${name}`], { name: `out:${name}` }));
    parts.outputs.push(valueInfo(`out:${name}`, value.dtype, value.shape));
  }
  return { bytes: model(parts), inputs, outputs: new Map(Object.entries(outputs)), int8: [...int8.values()] };
}

function declare(
  { attributes: { name }, dtype, shape }: Tensor<'input'>,
  parts: Parts,
  frozen: ReadonlyMap<string, Location>,
  inputs: Map<string, Signature>,
): void {
  const location = frozen.get(name);
  if (location?.dtype === dtype) parts.initializers.push(externalTensor(name, shape, location));
  else if (location) {
    const stored = `stored:${name}`;
    parts.initializers.push(externalTensor(stored, shape, location));
    parts.nodes.push(node('Cast', [stored], [name], { attributes: { to: dataType(dtype) }, name: `${name}/Cast` }));
  } else {
    parts.inputs.push(valueInfo(name, dtype, shape));
    inputs.set(name, { dtype, shape });
  }
}

/** Declares a matrix, once. @returns the name of its values */
function declareInt8(matrix: Int8Matrix, { shape }: Tensor, parts: Parts, inputs: Map<string, Signature>): string {
  const { values, scales } = int8Names(matrix);
  if (inputs.has(values)) return values;
  const [rows, columns] = (matrix.transposed ? shape.toReversed() : shape) as [number, number];
  const signatures: readonly (readonly [string, Signature])[] = [
    [values, { dtype: 'int8', shape: [rows, columns] }],
    [scales, { dtype: 'float32', shape: [columns] }],
  ];
  for (const [name, signature] of signatures) {
    parts.inputs.push(valueInfo(name, signature.dtype, signature.shape));
    inputs.set(name, signature);
  }
  return values;
}

function createEmitter(parts: Parts) {
  const constants = new Map<string, string>();
  const shared = new Map<string, string>();
  let path = '';

  const label = (operator: string) => `${path}/${operator}:${parts.nodes.length}`;
  const store = (key: string, dtype: DType, shape: Shape, data: () => NumberArray): string => {
    let name = constants.get(key);
    if (!name) {
      name = `const:${constants.size}`;
      constants.set(key, name);
      parts.initializers.push(tensor(name, dtype, shape, data()));
    }
    return name;
  };
  const emit: Emitter = {
    node(operator, inputs, attributes = {}, domain = '') {
      const name = label(operator);
      parts.nodes.push(node(operator, inputs, [name], { attributes, domain, name }));
      return name;
    },
    output(operator, inputs, which, attributes) {
      const key = `${operator}(${inputs.join()})${JSON.stringify(attributes)}`;
      let name = shared.get(key);
      if (!name) {
        name = label(operator);
        shared.set(key, name);
        const outputs = [0, 1, 2].map((i) => `${name}#${i}`);
        parts.nodes.push(node(operator, inputs, outputs, { attributes, name }));
      }
      return `${name}#${which}`;
    },
    ints: (values) =>
      store(`ints ${values}`, 'int64', [values.length], () => BigInt64Array.from(values, (v) => BigInt(v))),
    floats: (values, shape) => store(`floats ${values} ${shape}`, 'float32', shape, () => Float32Array.from(values)),
    bytes: (values, shape) => store(`bytes ${values} ${shape}`, 'uint8', shape, () => Uint8Array.from(values)),
    data: ({ id, dtype, shape, attributes }) => store(`data ${id}`, dtype, shape, () => attributes.data),
  };
  const product = createInt8Emitter(emit);
  return {
    int8(value: Tensor, names: ReadonlyMap<Tensor, string>, factor: Int8Matrix): string {
      path = value.path;
      const operands = value.inputs.map((x) => names.get(x) as string);
      return product(value, operands, factor);
    },
    lower(value: Tensor, names: ReadonlyMap<Tensor, string>, target: Target): string {
      path = value.path;
      const operands = value.inputs.map((x) => names.get(x) as string);
      const lowering = lowerings[target][value.operator] as (
        emit: Emitter,
        operands: readonly string[],
        tensor: Tensor,
        inputs: readonly Tensor[],
      ) => string;
      return lowering(emit, operands, value, value.inputs);
    },
  };
}
