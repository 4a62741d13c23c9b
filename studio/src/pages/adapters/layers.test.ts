import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, type Module, rolesOf } from './layers.js';

const module = (path: string, role: string, change: number | null, parameters = 1): Module => ({
  ...{ module: path, role, tensors: 2, parameters, change },
});

test('modules are gathered by role, the role with most parameters first', () => {
  const roles = rolesOf([module('a.0.x', 'small', 1), module('b.0.x', 'large', 1, 5), module('b.1.x', 'large', 1, 5)]);
  assert.deepEqual(
    roles.map(({ role, parameters, tensors }) => [role, parameters, tensors]),
    [
      ['large', 10, 4],
      ['small', 1, 2],
    ],
  );
});

test('changes of a layer are one number, and what is unknown or in no layer is left out', () => {
  const changes = changesOf([
    module('text.layer.10.query', 'a', 2),
    module('text.layer.2.query', 'a', 3),
    module('text.layer.2.value', 'a', 4),
    module('text.layer.3.value', 'a', null),
    module('head', 'a', 9),
  ]);
  assert.deepEqual(
    changes.map(({ layer }) => layer),
    [2, 10],
  );
  assert.ok(Math.abs((changes[0]?.change ?? 0) - Math.sqrt(12.5)) < 1e-12);
});
