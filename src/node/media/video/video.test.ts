// Which frames come out of a video, held against the times they were written with.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { temporaryFolder } from '../../toy.test-support.js';
import { counting, type File, numberOf, type Track, writeClip } from './clip.test-support.js';
import { videoFrames, videoInfo } from './index.js';

const folder = temporaryFolder();
const FRAMES = counting(60);

interface Clip {
  readonly tracks: readonly Track[];
  readonly file?: File;
  /** When each frame is shown, and the end; default: 25 a second. */
  readonly times?: readonly number[];
}

const every = (seconds: number, start = 0, count = FRAMES.length): number[] =>
  Array.from({ length: count + 1 }, (_, i) => start + i * seconds);
/** Slow, then fast. */
const uneven = FRAMES.map((_, i) => (i < 20 ? i * 0.1 : 2 + (i - 20) * 0.02)).concat(2.8);
const timed = (times: readonly number[], rest: Partial<Track> = {}): Clip => ({
  tracks: [{ frames: FRAMES, bFrames: 2, times, ...rest }],
  times,
});
const plain = (rest: Partial<Track>, file: File = {}): Clip => ({ tracks: [{ frames: FRAMES, ...rest }], file });

const CLIPS: Readonly<Record<string, Clip>> = {
  'b-frames.mp4': plain({ bFrames: 3 }),
  'long-gop.mov': plain({ bFrames: 2, gop: 250 }),
  'every-frame-a-key.mp4': plain({ gop: 1 }),
  'intra-refresh.mp4': plain({ gop: 12, intraRefresh: true }),
  'slow-refresh.mkv': plain({ gop: 40, intraRefresh: true }),
  'fragments.mp4': plain({ bFrames: 2 }, { options: { movflags: 'frag_keyframe+empty_moov' } }),
  'b-frames.mkv': plain({ bFrames: 2 }),
  'vp8.webm': plain({ encoder: 'libvpx' }),
  'vp9.webm': plain({ encoder: 'libvpx-vp9' }),
  'no-duration.webm': plain({ encoder: 'libvpx' }, { options: { live: '1' } }),
  'mpeg4.avi': plain({ encoder: 'mpeg4' }),
  'times-of-decoding-only.avi': plain({ encoder: 'mpeg4', bFrames: 2 }),
  'motion-jpeg.avi': plain({ encoder: 'mjpeg', pixelFormat: 'yuvj420p' }),
  'transport.ts': plain({ bFrames: 2 }),
  'program.mpg': plain({ encoder: 'mpeg2video', bFrames: 2 }, { container: 'mpeg' }),
  'flash.flv': plain({ bFrames: 2 }),
  'windows.wmv': plain({ encoder: 'wmv2' }),
  'theora.ogv': plain({ encoder: 'libtheora' }),
  'animated.png': plain({ encoder: 'apng', pixelFormat: 'rgb24' }, { container: 'apng' }),
  'uneven.mp4': timed(uneven),
  'uneven.mkv': timed(uneven),
  'late.mp4': timed(every(0.04, 5)),
  'late.mkv': timed(every(0.04, 5)),
  'late.ts': timed(every(0.04, 5)),
};

before(async () => {
  for (const [name, { tracks, file }] of Object.entries(CLIPS)) await writeClip(join(folder, name), tracks, file);
});

/** The brute force: of all frames, the last that starts no later. */
function shown(times: readonly number[], position: number): number {
  const [start = 0, end = 0] = [times[0], times.at(-1)];
  const time = start + position * (end - start) + 1e-6;
  return Math.max(0, times.slice(0, -1).filter((from) => from <= time).length - 1);
}

const numbersOf = async (name: string, positions: readonly number[]) =>
  (await videoFrames(join(folder, name), positions)).map(numberOf);

for (const [name, { times = every(0.04) }] of Object.entries(CLIPS)) {
  test(`${name}: the frames shown at any positions are found`, async () => {
    const ascending = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(ascending, async (drawn) => {
        const positions = drawn.sort((a, b) => a - b);
        assert.deepEqual(
          await numbersOf(name, positions),
          positions.map((position) => shown(times, position)),
        );
      }),
      { numRuns: 6, seed: 1 },
    );
  });

  test(`${name}: every frame can be had, several times too, and the edges`, async () => {
    const [start = 0, end = 0] = [times[0], times.at(-1)];
    const middles = times.slice(0, -1).map((from, i) => ((from + (times[i + 1] ?? 0)) / 2 - start) / (end - start));
    assert.deepEqual(await numbersOf(name, middles), [...FRAMES.keys()]);
    assert.deepEqual(await numbersOf(name, [0, 0, 1, 1]), [0, 0, 59, 59]);
  });

  test(`${name}: its length is known without decoding`, async () => {
    const { kind, width, height, seconds, frames } = await videoInfo(join(folder, name));
    assert.deepEqual([kind, width, height], ['video', 64, 48]);
    const length = (times.at(-1) ?? 0) - (times[0] ?? 0);
    assert.ok(Math.abs((seconds ?? 0) - length) < 0.0015, `${seconds} s instead of ${length}`);
    assert.ok(frames === null || frames === 60, `${frames} frames`);
  });
}

for (const name of [
  'b-frames.mkv',
  'intra-refresh.mp4',
  'slow-refresh.mkv',
  'times-of-decoding-only.avi',
  'program.mpg',
  'transport.ts',
])
  test(`${name}: every frame can be had alone`, async () => {
    for (const n of FRAMES.keys()) assert.deepEqual(await numbersOf(name, [(n + 0.5) / 60]), [n]);
  });

test('what an edit list cuts off the start is not shown', async () => {
  const track = { frames: FRAMES, bFrames: 2, times: every(0.04, -0.32) };
  await writeClip(join(folder, 'cut.mp4'), [track], { options: { avoid_negative_ts: 'disabled' } });
  const middles = Array.from({ length: 52 }, (_, i) => (i + 0.5) / 52);
  assert.deepEqual(await numbersOf('cut.mp4', middles), [...FRAMES.keys()].slice(8));
});

for (const gop of [20, 300])
  for (const container of ['mp4', 'mkv', 'ts', 'avi', 'flv', 'mpg'])
    test(`far positions of a long ${container} are found, keyframes ${gop} frames apart`, async () => {
      const count = 250;
      const encoder = container === 'avi' || container === 'mpg' ? 'mpeg2video' : 'libx264';
      const fps = container === 'mpg' ? 25 : 4;
      const name = `long-${gop}.${container}`;
      const track = { frames: counting(count, 32, 32), gop, bFrames: 2, fps, encoder };
      await writeClip(join(folder, name), [track], container === 'mpg' ? { container: 'mpeg' } : {});
      for (const positions of [[0.1, 0.5, 0.9], [0.02, 0.021, 0.6, 0.999], [0.97]])
        assert.deepEqual(
          await numbersOf(name, positions),
          positions.map((position) => Math.floor(position * count)),
        );
    });

test('a single picture is a clip of one frame', async () => {
  await writeClip(join(folder, 'single.mp4'), [{ frames: counting(6).slice(5) }]);
  assert.deepEqual(await numbersOf('single.mp4', [0, 0.5, 1]), [5, 5, 5]);
});

test('a cover picture and sound are no video, a video beside them is', async () => {
  const path = await writeClip(join(folder, 'cover.mp4'), [{ frames: FRAMES }], { extras: ['cover', 'sound'] });
  assert.deepEqual((await videoFrames(path, [0, 0.5])).map(numberOf), [0, 30]);
});

test('of several videos the default one is shown', async () => {
  const [first, second] = [{ frames: counting(9) }, { frames: FRAMES }];
  await writeClip(join(folder, 'second.mkv'), [first, { ...second, isDefault: true }]);
  assert.deepEqual(await numbersOf('second.mkv', [0.5]), [30]);
  await writeClip(join(folder, 'first.mkv'), [{ ...first, isDefault: true }, second]);
  assert.deepEqual(await numbersOf('first.mkv', [0.5]), [4]);
});

test('several videos can be decoded at the same time', async () => {
  const names = Object.keys(CLIPS);
  const positions = [0.2, 0.5, 0.7];
  const alone = [];
  for (const name of names) alone.push(await numbersOf(name, positions));
  assert.deepEqual(await Promise.all(names.map((name) => numbersOf(name, positions))), alone);
});

test('a file is what it holds, whatever it is called', async () => {
  const bytes = await readFile(join(folder, 'vp9.webm'));
  await writeFile(join(folder, 'http: %d.txt'), bytes);
  assert.deepEqual(await numbersOf('http: %d.txt', [0.5]), [30]);
});
