import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, input, is, ordered, type Tensor, trace } from '../../compiler/tensor/index.js';
import { type Declaration, initialise, kaimingUniform, linear, ones, rootScope, zeros } from './index.js';

test('a path asked for twice is one tensor, and is declared once, in order of first use', () => {
  trace(() => {
    const p = rootScope();
    const first = p.at('adapters').at(0).param('weight', [2, 3], zeros);
    p.at('norm').as('head').frozen().param('bias', [3], ones);
    assert.equal(p.at('adapters.0').param('weight', [2, 3], zeros), first);
    assert.deepEqual(
      p.declarations().map(({ path, role, frozen }) => [path, role, frozen]),
      [
        ['adapters.0.weight', 'base', false],
        ['norm.bias', 'head', true],
      ],
    );
  });
});

test('the same path with another shape or role is refused, naming both', () => {
  trace(() => {
    const p = rootScope().at('down_proj');
    p.param('weight', [2, 3], zeros);
    assert.throws(() => p.param('weight', [3, 2], zeros), /down_proj\.weight.*\[3, 2\] base.*\[2, 3\] base/);
    assert.throws(() => p.as('adapter').param('weight', [2, 3], zeros), /adapter.*base/);
  });
});

test('values carry the path of their module, once, also when a module is built inside another', () => {
  const y = trace(() => {
    const p = rootScope();
    const x = input('x', [2, 3]);
    return p.at('blocks.1').inside((inner) => linear(inner.at('attn.proj'), linear(p.at('adapters.1'), x, 3), 4));
  });
  assert.deepEqual(
    ordered([y])
      .filter((x) => is(x, 'linear'))
      .map(({ path }) => path),
    ['blocks.1.adapters.1', 'blocks.1.attn.proj'],
  );
});

test('a twin shares what is not replaced, down to the very same values', () => {
  trace(() => {
    const p = rootScope();
    const model = (p: ReturnType<typeof rootScope>) => {
      const frozen = linear(p.at('below'), input('x', [1, 3]), 3);
      return { frozen, above: linear(p.at('above').as('head'), frozen, 2) };
    };
    const average = ({ path, role, shape }: Declaration, online: Tensor) =>
      role === 'head' ? add(input(`momentum/${path}`, shape), online) : online;
    const [online, twin] = [model(p), model(p.twin(average))];
    assert.equal(online.frozen, twin.frozen);
    assert.notEqual(online.above, twin.above);
    assert.equal(p.declarations().length, 4);
  });
});

test('starting values depend on seed and path only, and have the declared spread', () => {
  const declaration = (path: string, initial: Declaration['initial']): Declaration => ({
    path,
    shape: [100, 100],
    dtype: 'float32',
    role: 'base',
    frozen: false,
    initial,
  });
  const normal = declaration('a', { kind: 'normal', deviation: 0.02 });
  assert.deepEqual(initialise(normal, 1), initialise(normal, 1));
  assert.notDeepEqual(initialise(normal, 1), initialise(normal, 2));
  assert.notDeepEqual(initialise(normal, 1), initialise({ ...normal, path: 'b' }, 1));
  const deviation = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
  assert.ok(Math.abs(deviation(initialise(normal, 1)) - 0.02) < 5e-4);
  const truncated = initialise(declaration('a', { kind: 'truncatedNormal', deviation: 0.02 }), 1);
  assert.ok(truncated.every((v) => Math.abs(v) <= 0.04) && deviation(truncated) > 0.016);
  const uniform = initialise(declaration('a', kaimingUniform(25)), 1);
  assert.ok(uniform.every((v) => Math.abs(v) <= 0.2) && Math.abs(deviation(uniform) - 0.2 / Math.sqrt(3)) < 3e-3);
  assert.ok(initialise(declaration('a', ones), 1).every((v) => v === 1));
});
