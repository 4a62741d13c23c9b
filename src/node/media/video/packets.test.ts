// Which packets are decoded: each once, in order, from keyframes on, and no more than needed.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Pixels } from '../../../image/index.js';
import { temporaryFolder } from '../../toy.test-support.js';
import { counting, writeClip } from './clip.test-support.js';
import { type Container, withContainer } from './container.js';
import { neededPackets, timeOf } from './packets.js';

const folder = temporaryFolder();
/** At 4 frames a second; a packet is the frame of its number, as there are no B-frames. */
const [COUNT, FPS] = [200, 4];

interface Decoded {
  readonly frame: number;
  readonly restarts: boolean;
}

/** What is decoded until all the wanted frames are past. */
async function decodedFor(name: string, gop: number, wanted: readonly number[]): Promise<readonly Decoded[]> {
  const path = join(folder, `${gop} ${name}`);
  await writeClip(path, [{ frames: counting(COUNT, 32, 32), gop, fps: FPS }]);
  return withContainer(path, async (container) => {
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

test('what lies between two keyframes is not kept in memory without limit', async () => {
  const data = Uint8Array.from({ length: 512 * 384 * 3 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);
  const noise = Array<Pixels>(90).fill({ width: 512, height: 384, data });
  const path = await writeClip(join(folder, 'noise.mkv'), [{ frames: noise, encoder: 'ffv1', gop: 500, fps: 30 }]);
  await withContainer(path, async (container) => {
    const target = 2.9 * container.ticksPerSecond;
    for await (const { packet } of neededPackets(container, 0, () => target)) {
      const seconds = timeOf(packet, container) / container.ticksPerSecond;
      assert.ok(seconds < 2, 'the first packet came before the wanted one was read');
      return;
    }
  });
});
