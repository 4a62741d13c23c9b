// The names that weights have elsewhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf } from './index.js';

test('what training programs put before the names is taken off, in any order', () => {
  const bare = 'visual_encoder.blocks.0.attn.qkv.weight';
  for (const wrapper of [
    '',
    'module.',
    '_orig_mod.',
    'model.',
    'module._orig_mod.',
    '_orig_mod.module.',
    'model.module.',
  ])
    assert.deepEqual(meaningOf(wrapper + bare), { of: 'backbone', path: bare });
  assert.deepEqual(meaningOf('module._orig_mod.image_queue'), { of: 'nothing' });
  assert.deepEqual(meaningOf('model.adapters.3.down.weight'), { of: 'adapter', path: 'adapters.3.down.weight' });
  assert.deepEqual(meaningOf('_orig_mod.vision_model.encoder.layers.2.layer_norm1.bias'), {
    of: 'backbone',
    path: 'visual_encoder.blocks.2.norm1.bias',
  });
});
