// A scene as pixels: a software compositor in integers and doubles only, so the same scene gives the same bytes.

import type { Pixels } from '../data/image/index.js';
import { fail } from '../error/index.js';
import { type Atlas, luminance, type Mip, type Sprite } from './atlas.js';
import { type Ground, paintGround } from './ground.js';
import type { Picture } from './scene.js';
import type { Thing } from './thing.js';
import { ramp } from './tint.js';

/**
 * Renders a scene.
 *
 * @param edge  of the picture, in pixels
 * @returns u8 [edge, edge, 3]
 * @throws `data` if the atlas lacks a sprite of the scene
 */
export function renderScene(scene: Picture, atlas: Atlas, edge: number): Pixels {
  return drawOn(paintGround(scene.ground, edge), scene, atlas, edge);
}

/**
 * Renders frames of a clip: as {@link renderScene}, with what stands on the same ground painted on it once.
 *
 * @returns each u8 [edge, edge, 3]
 */
export function renderFrames(frames: readonly Picture[], atlas: Atlas, edge: number): readonly Pixels[] {
  const grounds = new Map<Ground, Uint8Array>();
  return frames.map((frame) => {
    const painted = grounds.get(frame.ground) ?? paintGround(frame.ground, edge);
    grounds.set(frame.ground, painted);
    return drawOn(painted.slice(), frame, atlas, edge);
  });
}

/** Draws what is on the ground. */
function drawOn(data: Uint8Array, { things, shadows }: Picture, atlas: Atlas, edge: number): Pixels {
  for (const thing of things) {
    const sprite = atlas.sprites.get(thing.code) ?? missing(thing, atlas);
    if (shadows) castShadow(data, edge, thing);
    drawSprite(data, edge, thing, sprite);
  }
  return { width: edge, height: edge, data };
}

function missing({ noun, code }: Thing, atlas: Atlas): never {
  fail('data', { where: `atlas ${atlas.style}`, what: `no sprite for "${noun}"`, expected: `code point ${code}` });
}

/** Darkens an ellipse at the foot of the thing, most in its middle. */
function castShadow(data: Uint8Array, edge: number, thing: Thing): void {
  const size = thing.edge * edge;
  const [cx, cy, rx, ry] = [thing.x * edge, thing.y * edge + size * 0.46, size * 0.42, size * 0.12];
  for (let y = Math.max(0, Math.floor(cy - ry)); y <= Math.min(edge - 1, cy + ry); y++) {
    for (let x = Math.max(0, Math.floor(cx - rx)); x <= Math.min(edge - 1, cx + rx); x++) {
      const distance = ((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2;
      if (distance >= 1) continue;
      const light = 1 - 0.35 * (1 - distance);
      for (let p = (y * edge + x) * 3, end = p + 3; p < end; p++) data[p] = (data[p] as number) * light;
    }
  }
}

/** Walks the pixels that the tilted square can touch and samples the sprite where each comes from. */
function drawSprite(data: Uint8Array, edge: number, thing: Thing, sprite: Sprite): void {
  const size = thing.edge * edge;
  const mip = suitable(sprite, size);
  const scale = mip.edge / size;
  const cos = Math.cos(thing.rotation) * scale;
  const sin = Math.sin(thing.rotation) * scale;
  const [cx, cy] = [thing.x * edge, thing.y * edge];
  const radius = ((size / 2) * (Math.abs(cos) + Math.abs(sin))) / scale + 1;
  const middle = mip.edge / 2 - 0.5;
  const mirror = thing.flip ? -1 : 1;
  const colours = thing.tint && ramp(thing.tint);
  const pixel = new Float64Array(4);

  const [left, right] = [Math.max(0, Math.floor(cx - radius)), Math.min(edge - 1, Math.ceil(cx + radius))];
  const [top, bottom] = [Math.max(0, Math.floor(cy - radius)), Math.min(edge - 1, Math.ceil(cy + radius))];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x + 0.5 - cx;
      const dy = y + 0.5 - cy;
      if (!sample(mip, mirror * (dx * cos + dy * sin) + middle, dy * cos - dx * sin + middle, pixel)) continue;
      if (colours) dye(pixel, sprite, colours);
      blend(data, (y * edge + x) * 3, pixel);
    }
  }
}

/** The smallest mip that has at least 95 % of the wanted pixels, else the largest. */
function suitable({ mips }: Sprite, size: number): Mip {
  let best = mips[0] as Mip;
  for (const mip of mips) if (mip.edge >= 0.95 * size) best = mip;
  return best;
}

/** Bilinear: writes premultiplied RGBA at (u, v) to `into`, and says whether anything is there. */
function sample({ edge, rgba }: Mip, u: number, v: number, into: Float64Array): boolean {
  const column = Math.floor(u);
  const row = Math.floor(v);
  if (column < -1 || row < -1 || column >= edge || row >= edge) return false;
  const fu = u - column;
  const fv = v - row;
  into.fill(0);
  for (let j = 0; j < 2; j++) {
    if (row + j < 0 || row + j >= edge) continue;
    for (let i = 0; i < 2; i++) {
      if (column + i < 0 || column + i >= edge) continue;
      const weight = (i ? fu : 1 - fu) * (j ? fv : 1 - fv);
      const p = ((row + j) * edge + column + i) * 4;
      for (let c = 0; c < 4; c++) (into[c] as number) += weight * (rgba[p + c] as number);
    }
  }
  return (into[3] as number) > 0;
}

/** Replaces the pixel's colour by the tint's colour of the same, equalised luminance. */
function dye(pixel: Float64Array, sprite: Sprite, colours: Uint8Array): void {
  const alpha = (pixel[3] as number) / 255;
  const level = luminance(pixel[0] as number, pixel[1] as number, pixel[2] as number) / alpha;
  const p = (sprite.equalise[Math.min(255, Math.round(level))] as number) * 3;
  for (let c = 0; c < 3; c++) pixel[c] = (colours[p + c] as number) * alpha;
}

function blend(data: Uint8Array, p: number, pixel: Float64Array): void {
  const through = 1 - (pixel[3] as number) / 255;
  for (let c = 0; c < 3; c++)
    data[p + c] = Math.min(255, (pixel[c] as number) + through * (data[p + c] as number) + 0.5);
}
