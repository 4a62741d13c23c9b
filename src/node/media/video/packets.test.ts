// Which packets are decoded: each once, in order, from keyframes on, and no more than needed.

import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFile } from '../../../files/opened.js';
import { temporaryFolder } from '../../toy.test-support.js';
import { counting, type Raw, writeClip } from './clip.test-support.js';
import { type Container, withContainer } from './container.js';
import { neededPackets } from './packets.js';
import { timeOf } from './reader.js';

const folder = temporaryFolder();
/** At 4 frames a second; a packet is the frame of its number, as there are no B-frames. */
const [COUNT, FPS] = [200, 4];

interface Decoded {
  readonly frame: number;
  readonly restarts: boolean;
}

/** What is decoded until all the wanted frames are past. */
async function decodedFor(
  name: string,
  gop: number,
  wanted: readonly number[],
  change = (container: Container) => container,
): Promise<readonly Decoded[]> {
  const path = join(folder, `${gop} ${name}`);
  await writeClip(path, [{ frames: counting(COUNT, 32, 32), gop, fps: FPS }]);
  return withContainer(path, openFile, async (opened) => {
    const container = change(opened);
    const first = Number(container.stream.startTime);
    const frameOf = (ticks: number) => Math.round(((ticks - first) / container.ticksPerSecond) * FPS);
    const times = wanted.map((frame) => first + ((frame + 0.5) / FPS) * container.ticksPerSecond);
    return collect(container, first, times, frameOf);
  });
}

async function collect(
  container: Container,
  first: number,
  times: readonly number[],
  frameOf: (ticks: number) => number,
): Promise<Decoded[]> {
  const decoded: Decoded[] = [];
  let next = 0;
  for await (const { packet, restarts } of neededPackets(container, first, () => times[next] ?? Infinity)) {
    const time = timeOf(packet, container);
    decoded.push({ frame: frameOf(time), restarts });
    while (time > (times[next] ?? Infinity)) next++;
    if (next === times.length) break;
  }
  return decoded;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const framesOf = (decoded: readonly Decoded[]) => decoded.map(({ frame }) => frame);
const restartsOf = (decoded: readonly Decoded[]) => framesOf(decoded.filter(({ restarts }) => restarts));

for (const name of ['a.mp4', 'a.mkv', 'a.ts', 'a.flv']) {
  test(`${name}: between keyframes decoding goes on to the wanted frame and one further`, async () => {
    const decoded = await decodedFor(name, 10, [3, 14, 37]);
    assert.deepEqual(framesOf(decoded), [...range(0, 4), ...range(10, 15), ...range(30, 38)]);
    assert.deepEqual(restartsOf(decoded), [0, 10, 30]);
  });

  test(`${name}: far frames are found at their keyframes, without decoding what is between`, async () => {
    const decoded = await decodedFor(name, 10, [5, 95, 96, 194]);
    assert.deepEqual(framesOf(decoded), [...range(0, 6), ...range(90, 97), ...range(190, 195)]);
    assert.deepEqual(restartsOf(decoded), [0, 90, 190]);
  });

  test(`${name}: where the only keyframe is behind, searching ends where reading had been`, async () => {
    const decoded = await decodedFor(name, 500, [2, 90, 91, 170]);
    assert.deepEqual(framesOf(decoded), range(0, 171));
    assert.deepEqual(restartsOf(decoded), [0]);
  });
}

test('a file that is searched beyond the wanted frame, and then not at all, is read from its start', async () => {
  let calls = 0;
  const unreliable = (container: Container): Container => {
    const { format, ticksPerSecond } = container;
    const seekFrameSync: typeof format.seekFrameSync = (stream, ticks, flags) => {
      calls++;
      if (calls === 2) return -1;
      return format.seekFrameSync(stream, calls === 1 ? ticks + BigInt(20 * ticksPerSecond) : ticks, flags);
    };
    return { ...container, format: Object.assign(Object.create(format), { seekFrameSync }) };
  };
  const decoded = await decodedFor('unreliable.mp4', 10, [5, 95], unreliable);
  assert.ok(calls > 2);
  assert.deepEqual(framesOf(decoded), [...range(0, 6), ...range(90, 96)]);
});

test('what lies between two keyframes is not kept in memory without limit', async () => {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const noise = { width: 512, height: 384, planes: Uint8Array.from({ length: 512 * 384 * 3 }, random) };
  const track = { frames: Array<Raw>(60).fill(noise), encoder: 'ffv1', pixelFormat: 'yuv444p', gop: 500, fps: 30 };
  const path = await writeClip(join(folder, 'noise.mkv'), [track]);
  await withContainer(path, openFile, async (container) => {
    const target = 1.9 * container.ticksPerSecond;
    for await (const _ of neededPackets(container, 0, () => target)) {
      const read = Number(container.format.pbBytes) / (await stat(path)).size;
      assert.ok(read < 0.8, `nothing is decoded before ${read} of the file is read`);
      return;
    }
  });
});
