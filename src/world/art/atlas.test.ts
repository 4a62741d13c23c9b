import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KINDS, type Kind, renderScene } from '../index.js';
import { ROUND } from '../motion.js';
import { loadAtlas, loadConcepts } from './atlas.js';

const folder = await mkdtemp(join(tmpdir(), 'atlas-'));
after(() => rm(folder, { recursive: true }));

test('the atlas of Noto art holds every noun, and its cache file gives the same sprites', async () => {
  const made = await loadAtlas('noto', folder);
  assert.ok(KINDS.every(({ code }) => made.sprites.has(code)));
  assert.equal((await readdir(folder)).length, 1);
  assert.deepEqual(await loadAtlas('noto', folder), made);
});

test('there are 1,644 concepts with distinct labels', async () => {
  const concepts = await loadConcepts();
  assert.equal(concepts.length, 1644);
  assert.equal(new Set(concepts.map(({ label }) => label)).size, 1644);
});

test('whatever may turn in a clip looks another way when it is turned', async () => {
  const atlas = await loadAtlas('noto', folder);
  const gray = [128, 128, 128] as const;
  const ground = { from: gray, to: gray, angle: 0, noise: 0, stripes: null, seed: 0 };
  const draw = (kind: Kind, rotation: number) => {
    const body = { tint: null, size: 'large', edge: 0.7, x: 0.5, y: 0.5, rotation, flip: false } as const;
    return renderScene({ things: [{ ...kind, ...body }], ground, shadows: false }, atlas, 32).data;
  };
  const distance = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, v, i) => sum + Math.abs(v - (b[i] as number)), 0);
  for (const kind of KINDS.filter(({ noun }) => !ROUND.has(noun))) {
    const upright = draw(kind, 0);
    const seen = distance(upright, new Uint8Array(upright.length).fill(128));
    for (const angle of [0.6, 0.9, 1.2, Math.PI / 2, 2.1, 2.6])
      assert.ok(distance(upright, draw(kind, angle)) > 0.4 * seen, `${kind.noun} turned by ${angle}`);
  }
});
