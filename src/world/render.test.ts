import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { UniAdapterError } from '../error/index.js';
import { type Atlas, makeSprite } from './atlas.js';
import { drawClip } from './clip.js';
import { KINDS, TINTS } from './kinds.js';
import { renderFrames, renderScene } from './render.js';
import { drawScene, type Scene } from './scene.js';

/** A disc of its own colour per noun, with a bright left half so that flips and turns show. */
function disc(index: number, edge = 48) {
  const rgba = new Uint8Array(edge * edge * 4);
  for (let y = 0; y < edge; y++)
    for (let x = 0; x < edge; x++) {
      const inside = Math.hypot(x + 0.5 - edge / 2, y + 0.5 - edge / 2) < edge / 2;
      const light = x < edge / 2 ? 255 : 90;
      if (inside) rgba.set([light, (index * 53) % 256, (index * 101) % 256, 255], (y * edge + x) * 4);
    }
  return makeSprite(edge, rgba);
}
const atlas: Atlas = { style: 'discs', sprites: new Map(KINDS.map(({ code }, i) => [code, disc(i)])) };

const ground = { from: [200, 200, 200], to: [200, 200, 200], angle: 0, noise: 0, stripes: null, seed: 0 } as const;
const thing = {
  noun: 'dog',
  code: '1f415',
  tint: null,
  size: 'large',
  edge: 0.5,
  x: 0.5,
  y: 0.5,
  rotation: 0,
  flip: false,
} as const;
const still: Scene = { type: 'single', things: [thing], ground, shadows: false };
const at = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

test('the same seed gives the same bytes', () => {
  const digest = createHash('sha256');
  for (const domain of ['noto', 'fluent3d'] as const)
    for (let index = 0; index < 4; index++)
      digest.update(renderScene(drawScene(domain, 1, index, 'train'), atlas, 64).data);
  assert.equal(digest.digest('hex').slice(0, 16), 'ff621de63221c126');
});

test('a thing is drawn at its place, in its size, on an untouched ground', () => {
  const picture = renderScene(still, atlas, 64);
  assert.deepEqual(at(picture, 2, 2), [200, 200, 200]);
  assert.deepEqual(at(picture, 14, 32), [200, 200, 200]);
  assert.deepEqual(at(picture, 24, 32), [255, 0, 0]);
  assert.deepEqual(at(picture, 40, 32), [90, 0, 0]);
});

test('a flip mirrors a thing and a quarter turn moves its left half to the top', () => {
  const flipped = renderScene({ ...still, things: [{ ...thing, flip: true }] }, atlas, 64);
  assert.deepEqual([at(flipped, 24, 32)[0], at(flipped, 40, 32)[0]], [90, 255]);
  const turned = renderScene({ ...still, things: [{ ...thing, rotation: Math.PI / 2 }] }, atlas, 64);
  assert.deepEqual([at(turned, 32, 24)[0], at(turned, 32, 40)[0]], [255, 90]);
});

test('tinted things of one tint look alike in colour whatever their art, and those of two tints do not', () => {
  const meanColour = (code: string, tint: (typeof TINTS)[number]) => {
    const { data } = renderScene({ ...still, things: [{ ...thing, code, tint, edge: 0.9 }] }, atlas, 32);
    return [0, 1, 2].map((c) => data.filter((_, i) => i % 3 === c).reduce((sum, v) => sum + v, 0) / (32 * 32));
  };
  const distance = (a: number[], b: number[]) => Math.hypot(...a.map((v, c) => v - (b[c] as number)));
  const codes = KINDS.slice(0, 6).map(({ code }) => code);
  for (const tint of TINTS) {
    const own = codes.map((code) => meanColour(code, tint));
    const spread = Math.max(...own.map((colour) => distance(colour, own[0] as number[])));
    for (const other of TINTS)
      if (other !== tint)
        assert.ok(spread < distance(own[0] as number[], meanColour(codes[0] as string, other)), `${tint} ${other}`);
  }
});

test('a sprite smaller than the smallest mip or larger than the largest keeps its mean colour', () => {
  const sprite = makeSprite(
    20,
    new Uint8Array(20 * 20 * 4).fill(255).map((v, i) => (i % 4 === 1 ? 40 : v)),
  );
  assert.deepEqual(
    sprite.mips.map(({ edge }) => edge),
    [20, 16, 12],
  );
  for (const { rgba } of sprite.mips) assert.ok(rgba.every((v, i) => v === (i % 4 === 1 ? 40 : 255)));
  const flat: Atlas = { style: 'flat', sprites: new Map([['1f415', sprite]]) };
  assert.deepEqual(
    at(renderScene({ ...still, things: [{ ...thing, edge: 0.05 }] }, flat, 100), 50, 50),
    [255, 40, 255],
  );
  assert.deepEqual(at(renderScene({ ...still, things: [{ ...thing, edge: 0.9 }] }, flat, 100), 50, 50), [255, 40, 255]);
});

test('a shadow darkens the ground below a thing only where scenes have shadows', () => {
  const lit = renderScene(still, atlas, 64);
  const shaded = renderScene({ ...still, shadows: true }, atlas, 64);
  assert.deepEqual(at(lit, 32, 49), [200, 200, 200]);
  assert.ok((at(shaded, 32, 49)[0] as number) < 190);
  assert.deepEqual(at(shaded, 32, 56), [200, 200, 200]);
});

test('frames of a clip are rendered as scenes are', () => {
  const { frames } = drawClip('fluent3d', 1, 3, { frames: 10, noise: 3 });
  assert.deepEqual(
    renderFrames(frames, atlas, 32),
    frames.map((frame) => renderScene(frame, atlas, 32)),
  );
});

test('a noun without a sprite is named in the error', () => {
  assert.throws(
    () => renderScene(still, { style: 'empty', sprites: new Map() }, 32),
    (error) => error instanceof UniAdapterError && error.problem.what.includes('dog'),
  );
});
