// How the frames of a video look: colours, shape, turns, what is transparent.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import type { Pixels } from '../../../data/image/index.js';
import { temporaryFolder } from '../../toy.test-support.js';
import { counting, numbered, numberOf, type Raw, type Track, writeClip } from './clip.test-support.js';
import { videoFrames, videoInfo } from './index.js';

const folder = temporaryFolder();

async function first(name: string, track: Track): Promise<Pixels> {
  const path = await writeClip(join(folder, name), [track]);
  const [frame] = await videoFrames(path, [0]);
  return frame ?? assert.fail('no frame');
}

const centre = ({ width, height, data }: Pixels) => {
  const at = ((height >> 1) * width + (width >> 1)) * 3;
  return [...data.subarray(at, at + 3)];
};

function near(got: readonly number[], expected: readonly number[], tolerance: number): void {
  const isNear = got.every((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)) <= tolerance);
  assert.ok(isNear, `got ${got}, expected ${expected}`);
}

/** Weights of red and blue in the brightness, by FFmpeg's number of the matrix. */
const MATRICES = { 'BT.709': [1, 0.2126, 0.0722], 'BT.601': [6, 0.299, 0.114], untagged: [2, 0.299, 0.114] } as const;
const [LIMITED, FULL] = [1, 2];
const [SIDE, COLOURS] = [32, ['#d02030', '#20a040', '#3050d0', '#c0c0c0', '#101010'] as const];

const rgbOf = (colour: string) => [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));

/** A flat 4:4:4 picture by the formulas of ITU-R BT.601 and BT.709. */
function flat(colour: string, [, kr, kb]: readonly number[], range: number, bits: number): Raw {
  const [r = 0, g = 0, b = 0] = rgbOf(colour).map((value) => value / 255);
  const y = (kr ?? 0) * r + (1 - (kr ?? 0) - (kb ?? 0)) * g + (kb ?? 0) * b;
  const [u, v] = [(b - y) / (2 - 2 * (kb ?? 0)), (r - y) / (2 - 2 * (kr ?? 0))];
  const unit = 2 ** (bits - 8);
  const planes =
    range === FULL
      ? [y * (2 ** bits - 1), (u + 0.5) * (2 ** bits - 1), (v + 0.5) * (2 ** bits - 1)]
      : [(16 + 219 * y) * unit, (128 + 224 * u) * unit, (128 + 224 * v) * unit];
  const samples = planes.flatMap((value) => Array<number>(SIDE * SIDE).fill(Math.round(value)));
  const bytes = bits === 8 ? Uint8Array.from(samples) : new Uint8Array(Uint16Array.from(samples).buffer);
  return { width: SIDE, height: SIDE, planes: bytes };
}

for (const [name, matrix] of Object.entries(MATRICES))
  for (const [rangeName, range] of [
    ['limited', LIMITED],
    ['full', FULL],
  ] as const)
    for (const bits of [8, 10])
      test(`${name}, ${rangeName} range, ${bits} bits: colours come out as the standard says`, async () => {
        const frames = COLOURS.map((colour) => flat(colour, matrix, range, bits));
        const pixelFormat = bits === 8 ? 'yuv444p' : 'yuv444p10le';
        const track = { frames, encoder: 'ffv1', pixelFormat, fps: 5, colour: { space: matrix[0], range } };
        const path = await writeClip(join(folder, `${name}-${rangeName}-${bits}.mkv`), [track]);
        const got = await videoFrames(path, [0.1, 0.3, 0.5, 0.7, 0.9]);
        for (const [i, frame] of got.entries()) near(centre(frame), rgbOf(COLOURS[i] as string), 2);
      });

/** a, b, c, d of the display matrix, and how sharp turns so. */
const TURNS: Readonly<Record<string, [[number, number, number, number], (image: Sharp) => Sharp]>> = {
  'a quarter to the right': [[0, 1, -1, 0], (image) => image.rotate(90)],
  'upside down': [[-1, 0, 0, -1], (image) => image.rotate(180)],
  'a quarter to the left': [[0, -1, 1, 0], (image) => image.rotate(270)],
  mirrored: [[-1, 0, 0, 1], (image) => image.flop()],
};

for (const [name, [matrix, turned]] of Object.entries(TURNS))
  test(`a video is shown ${name} when it says so`, async () => {
    const track = { frames: [numbered(0b10110001, 64, 48)], encoder: 'png', pixelFormat: 'rgb24' };
    const upright = await first(`upright ${name}.mov`, track);
    const got = await first(`${name}.mov`, { ...track, matrix });
    const raw = { width: upright.width, height: upright.height, channels: 3 } as const;
    const { data, info } = await turned(sharp(upright.data, { raw })).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([got.width, got.height], [info.width, info.height]);
    assert.deepEqual(got.data, new Uint8Array(data));
    const { width, height } = await videoInfo(join(folder, `${name}.mov`));
    assert.deepEqual([width, height], [info.width, info.height]);
  });

test('pixels that are not square are stretched to be, in the direction that keeps all of them', async () => {
  const frames = counting(3, 60, 40);
  const wide = await first('wide.mp4', { frames, sampleAspectRatio: [4, 3] });
  assert.deepEqual([wide.width, wide.height, numberOf(wide)], [80, 40, 0]);
  const tall = await first('tall.mkv', { frames, sampleAspectRatio: [1, 2] });
  assert.deepEqual([tall.width, tall.height], [60, 80]);
  const turned = await first('turned.mp4', { frames, sampleAspectRatio: [4, 3], matrix: [0, 1, -1, 0] });
  assert.deepEqual([turned.width, turned.height], [40, 80]);
});

test('odd widths and heights come out whole', async () => {
  const vp9 = await first('odd.webm', { frames: counting(6, 63, 47).slice(5), encoder: 'libvpx-vp9' });
  assert.deepEqual([vp9.width, vp9.height, numberOf(vp9)], [63, 47, 5]);
  const h264 = await first('odd.mp4', { frames: counting(6, 63, 47).slice(5), pixelFormat: 'yuv444p' });
  assert.deepEqual([h264.width, h264.height, numberOf(h264)], [63, 47, 5]);
});

test('transparent parts become white, half-transparent ones lighter, as in images', async () => {
  const pixel = (alpha: number) =>
    Array<number[]>(SIDE * SIDE)
      .fill([200, 0, 0, alpha])
      .flat();
  const frames = [255, 0, 128].map((alpha) => ({ width: SIDE, height: SIDE, planes: Uint8Array.from(pixel(alpha)) }));
  const path = await writeClip(join(folder, 'alpha.mov'), [{ frames, encoder: 'png', pixelFormat: 'rgba', fps: 3 }]);
  const colours = (await videoFrames(path, [0.2, 0.5, 0.8])).map(centre);
  assert.deepEqual(colours, [
    [200, 0, 0],
    [255, 255, 255],
    [227, 127, 127],
  ]);
});

test('what VP9 has beside its pictures of transparency is used', async () => {
  const plane = (value: number, side = SIDE) => Array<number>(side * side).fill(value);
  const planes = Uint8Array.from([...plane(81), ...plane(90, SIDE / 2), ...plane(240, SIDE / 2), ...plane(128)]);
  const frames = [{ width: SIDE, height: SIDE, planes }];
  const red = await first('alpha.webm', { frames, encoder: 'libvpx-vp9', pixelFormat: 'yuva420p' });
  near(centre(red), [254, 127, 127], 3);
});
