import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema } from 'onnx-buf';
import { gradients } from '../autodiff/gradients.js';
import {
  add,
  gather,
  input,
  layerNorm,
  matmul,
  mul,
  relu,
  reshape,
  sum,
  type Tensor,
  trace,
  within,
} from '../tensor/index.js';
import { type Lowered, lower, type Target } from './index.js';

function graphOf({ bytes }: Lowered): GraphProto {
  return fromBinary(ModelProtoSchema, bytes).graph ?? assert.fail('the model has no graph');
}

const operators = (lowered: Lowered): string[] => graphOf(lowered).node.map(({ opType }) => opType ?? '');

/** A product with every transposition, a table look-up and a normalisation, with their gradients. */
function step(target: Target): Lowered {
  return trace(() => {
    const x = gather(input('table', [7, 4]), input('ids', [2, 3], 'int32'));
    const normal = layerNorm(x, input('gain', [4]), input('bias', [4]), 1e-5);
    const scores = matmul(normal, matmul(x, input('w', [4, 4])), { transB: true, scale: 0.5 });
    const loss = sum(mul(scores, scores));
    const names = { table: [7, 4], w: [4, 4], gain: [4] };
    const wrt = Object.entries(names).map(([name, shape]) => input(name, shape));
    const slopes = gradients(loss, wrt).map((g, i) => [`d${i}`, g] as const);
    return lower({ loss, ...Object.fromEntries(slopes) }, { target });
  });
}

test('products are fused with their transpositions on the CPU, and never for WebGPU', () => {
  assert.ok(operators(step('cpu')).includes('FusedMatMul'));
  assert.ok(!operators(step('webgpu')).includes('FusedMatMul'));
  const domains = graphOf(step('webgpu')).node.map(({ domain }) => domain);
  assert.deepEqual([...new Set(domains)], [''], 'WebGPU gets standard operators only');
});

test('layerNorm and its by-products are one node', () => {
  assert.equal(operators(step('cpu')).filter((name) => name === 'LayerNormalization').length, 1);
});

test('the runtime is given names, unique per node, that begin with the module that made them', () => {
  const lowered = trace(() => {
    const x = input('x', [2]);
    const y = within('blocks', () => within('0', () => add(relu(x), x)));
    return lower({ y }, { target: 'cpu' });
  });
  const names = graphOf(lowered).node.map(({ name }) => name);
  assert.deepEqual(names, ['blocks.0/Relu:0', 'blocks.0/Add:1', 'out:y']);
});

test('equal constants are stored once', () => {
  const lowered = trace(() => {
    const [x, y] = [input('x', [2, 2]), input('y', [4])];
    return lower({ a: mul(reshape(x, [4]), 2), b: mul(reshape(square(x), [4]), 2), c: y }, { target: 'cpu' });
  });
  assert.equal(graphOf(lowered).initializer.length, 2); // the shape [4] and the number 2
});

test('what no output depends on is neither emitted nor asked for', () => {
  const lowered = trace(() => {
    const x = input('x', [2]);
    relu(input('unused', [2]));
    return lower({ y: add(x, x) }, { target: 'cpu' });
  });
  assert.deepEqual(operators(lowered), ['Add', 'Identity']);
  assert.deepEqual([...lowered.inputs.keys()], ['x']);
});

test('a frozen input is an initializer that points at bytes outside the model', () => {
  const location = { file: 'model.safetensors', offset: 128, bytes: 8, dtype: 'float32' } as const;
  const lowered = trace(() =>
    lower({ y: add(input('x', [2]), input('w', [2])) }, { target: 'cpu', frozen: new Map([['w', location]]) }),
  );
  const { initializer, input: inputs } = graphOf(lowered);
  const entries = initializer[0]?.externalData.map(({ key, value }) => [key, value]);
  assert.deepEqual(Object.fromEntries(entries ?? []), { location: 'model.safetensors', offset: '128', length: '8' });
  assert.deepEqual(
    inputs.map(({ name }) => name),
    ['x'],
  );
});

test('the same program is lowered to the same bytes', () => {
  assert.deepEqual(step('cpu').bytes, step('cpu').bytes);
});

const square = (x: Tensor): Tensor => mul(x, x);
