// A thin builder over the ONNX protobuf messages: nodes, tensors, model → bytes.

import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { DType, NumberArray, Shape } from '../tensor/index.js';

/** ONNX 1.17's operator set; `com.microsoft` holds ONNX Runtime's fused operators. */
const OPSET = 21n;
const IR_VERSION = 10n;
export const FUSED = 'com.microsoft';

export type Attribute = number | readonly number[] | { readonly float: number } | { readonly string: string };

const dataTypes: Readonly<Record<DType, DataType>> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  int32: DataType.INT32,
  int64: DataType.INT64,
  int8: DataType.INT8,
  uint8: DataType.UINT8,
  bool: DataType.BOOL,
};

export const dataType = (dtype: DType): number => dataTypes[dtype];

/** Element types that frozen arrays may be stored in; where they are computed with in another, they are cast. */
export type StoredType = DType | 'bfloat16';

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  readonly name?: string;
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  { attributes = {}, domain = '', name = '' }: NodeOptions = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType: operator,
    input: [...inputs],
    output: [...outputs],
    domain,
    name,
    attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  });
}

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('string' in value)
    return create(AttributeProtoSchema, {
      name,
      type: AttributeType.STRING,
      s: new TextEncoder().encode(value.string),
    });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

/** A tensor inside the model file. */
export function tensor(name: string, dtype: DType, shape: Shape, data: NumberArray): TensorProto {
  const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return create(TensorProtoSchema, { name, dataType: dataTypes[dtype], dims: shape.map(BigInt), rawData });
}

/** A tensor beside the model file: bytes at `offset` of a file the runtime is told about. */
export interface Location {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly dtype: StoredType;
}

export function externalTensor(name: string, shape: Shape, { file, offset, bytes, dtype }: Location): TensorProto {
  const entries = { location: file, offset: String(offset), length: String(bytes) };
  return create(TensorProtoSchema, {
    name,
    dataType: dtype === 'bfloat16' ? DataType.BFLOAT16 : dataTypes[dtype],
    dims: shape.map(BigInt),
    dataLocation: DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
  });
}

export function valueInfo(name: string, dtype: DType, shape: Shape): ValueInfoProto {
  const dim = shape.map((d) =>
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(d) } }),
  );
  const value = create(TypeProto_TensorSchema, {
    elemType: dataTypes[dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  });
}

export interface Parts {
  readonly nodes: NodeProto[];
  readonly initializers: TensorProto[];
  readonly inputs: ValueInfoProto[];
  readonly outputs: ValueInfoProto[];
}

export function model({ nodes, initializers, inputs, outputs }: Parts): Uint8Array {
  const opset = (domain: string, version: bigint) => create(OperatorSetIdProtoSchema, { domain, version });
  const graph = create(GraphProtoSchema, {
    name: 'uniadapter',
    node: nodes,
    initializer: initializers,
    input: inputs,
    output: outputs,
  });
  const proto = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'uniadapter',
    opsetImport: [opset('', OPSET), opset(FUSED, 1n)],
    graph,
  });
  return toBinary(ModelProtoSchema, proto);
}
