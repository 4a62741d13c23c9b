// Descriptions of backbones that would take all memory before a tensor is looked at.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackboneInfo } from './backbone-file.js';
import { checkBackboneInfo } from './backbone-file.js';
import { readBlipConfig } from './hugging-face.js';

const HUGE = 1e12;
const tower = { width: 16, layers: 2, heads: 2, mlp: 32, eps: 1e-6 };
const info: BackboneInfo = {
  ...{ format: 1, name: 'toy', projection: 8, maxTokens: 8 },
  vision: { ...tower, imageSize: 16, patch: 8 },
  text: { ...tower, vocabulary: 24, positions: 8 },
  preprocess: { mean: [0, 0, 0], std: [1, 1, 1], resize: 'bicubic' },
  tokens: { pad: 0, cls: 1, sep: 2, enc: 3, bos: 4 },
};

/** The value with each of its numbers replaced in turn, with the names that lead there. */
function* enlarged(
  value: unknown,
  path: readonly string[] = [],
): Iterable<{ path: readonly string[]; value: unknown }> {
  if (typeof value === 'number') yield { path, value: HUGE };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    for (const one of enlarged(inner, [...path, key]))
      yield {
        path: one.path,
        value: Array.isArray(value) ? value.with(Number(key), one.value) : { ...value, [key]: one.value },
      };
}

test('a backbone.json with a number out of all bounds is refused by its name', () => {
  assert.equal(checkBackboneInfo(info, 'toy').name, 'toy');
  const all = [...enlarged(info)];
  assert.ok(all.length > 20);
  for (const { path, value } of all)
    assert.throws(() => checkBackboneInfo(value as BackboneInfo, 'toy'), {
      code: 'format',
      message: new RegExp(path.slice(0, 2).join('.')),
    });
});

test('a config.json of others with a number out of all bounds is refused by its name', () => {
  const sizes = ['hidden_size', 'intermediate_size', 'num_hidden_layers', 'num_attention_heads'];
  const own = {
    vision_config: ['image_size', 'patch_size'],
    text_config: ['vocab_size', 'max_position_embeddings', 'bos_token_id'],
  };
  const read = (config: object) =>
    readBlipConfig(new TextEncoder().encode(JSON.stringify({ model_type: 'blip', ...config })), 'toy');
  assert.equal(read({}).vision.width, 768);
  for (const [part, more] of Object.entries(own))
    for (const key of [...sizes, ...more])
      assert.throws(() => read({ [part]: { [key]: HUGE } }), { code: 'format', message: new RegExp(`${part}.${key}`) });
  assert.throws(() => read({ image_text_hidden_size: HUGE }), { code: 'format', message: /image_text_hidden_size/ });
});
