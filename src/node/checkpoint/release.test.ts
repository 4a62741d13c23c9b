// A release's checkpoint becomes an adapter folder, and that a checkpoint again, with the same numbers at the same places.

import assert from 'node:assert/strict';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pull } from '../hub/pull.js';
import { loadTrained } from '../run/load.js';
import { temporaryFolder } from '../toy.test-support.js';
import { arrayOf } from './bytes.js';
import { exportRelease, importRelease } from './release.js';
import { findTorch } from './torch-file.js';

const folder = temporaryFolder();
const fixture = fileURLToPath(new URL('fixtures/original', import.meta.url));
const file = join(folder, 'release', 'release.pth');
before(async () => {
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  await mkdir(join(folder, 'release'));
  for (const name of ['release.pth', 'vocab.txt']) await cp(join(fixture, name), join(folder, 'release', name));
  await pull(file, () => {});
});

test('a release’s adapter loads on its backbone, and goes back under every alias', async () => {
  const adapter = join(folder, 'adapter');
  await importRelease(file, adapter);
  const { model, adapter: opened } = await loadTrained({ adapter, task: 'retrieval' });
  assert.equal(opened?.info.sizes.bottleneck, 4);
  assert.ok(model.weights['text_encoder.encoder.video_value_adapter.up_proj.weight']);
  const written = join(folder, 'written.pth');
  await exportRelease(adapter, written);
  const [theirs, ours] = [(await findTorch(file)).tensors, (await findTorch(written)).tensors];
  const names = [...theirs.keys()].filter((name) => /adapter/.test(name) && !/_m\./.test(name));
  assert.equal(names.length, 4 * 24 + 10);
  for (const name of [...names, 'itm_head.weight', 'visual_encoder.blocks.1.mlp.fc1.weight']) {
    const [before, after] = [theirs.get(name), ours.get(name)].map((tensor) => tensor && arrayOf(tensor));
    assert.ok(before && after, name);
    assert.deepEqual(after.shape, before.shape, name);
    if (after.dtype === before.dtype) assert.deepEqual(after.bytes, before.bytes, name);
  }
  assert.ok(ours.has('visual_encoder_m.pos_embed'), 'the release’s loader looks it up');
});
