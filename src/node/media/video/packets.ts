// From a file to the packets that the wanted frames need, each once and in order. What lies between keyframes is kept
// back until it is known whether a later keyframe makes it needless; far ahead, the file is searched instead of read.

import { setImmediate } from 'node:timers/promises';
import type { Packet } from 'node-av/lib';
import type { Container } from './container.js';
import { createReader, timeOf } from './reader.js';

export interface Step {
  readonly packet: Packet;
  /** Decoding starts anew with this packet, a keyframe: what is between it and the one before is not needed. */
  readonly restarts: boolean;
}

/** Other work of the process gets its turn so often. */
const SLICE_MS = 8;
/** Searching a file costs more than reading a little of it. */
const FAR_SECONDS = 10;
/** What is kept back at most; more is decoded, needed or not. */
const MAX_QUEUE_BYTES = 2 ** 24;

/** Waits for other work of the process when it has had no turn for a while. */
export function createPace(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await setImmediate();
    since = performance.now();
  };
}

/**
 * The packets to decode, until the consumer has what it wants. A packet is the consumer's only until it asks for the next.
 *
 * @param first   when the stream starts, in ticks
 * @param target  the time of the frame that is wanted next, in ticks; never goes back
 */
export async function* neededPackets(
  container: Container,
  first: number,
  target: () => number,
): AsyncGenerator<Step, void> {
  const reader = createReader(container, first);
  const queue = createQueue();
  const pace = createPace();
  let soughtFor = Number.NEGATIVE_INFINITY;
  try {
    for (let packet = reader.next(); packet !== null; packet = reader.next()) {
      await pace();
      const time = timeOf(packet, container);
      const restarts = reader.isKey(packet) && time <= target() && !reader.isUntimed();
      if (restarts) queue.drop();
      queue.push({ packet, restarts });
      if (time > target() || queue.isFull() || reader.isUntimed()) yield* queue.release(pace);
      const isFar = target() - time > FAR_SECONDS * container.ticksPerSecond;
      if (isFar && target() > soughtFor && !reader.isUntimed()) {
        soughtFor = target();
        reader.jump(soughtFor);
      }
    }
    yield* queue.release(pace);
  } finally {
    queue.drop();
    reader.close();
  }
}

interface Queue {
  push(step: Step): void;
  isFull(): boolean;
  /** Gives everything, which is freed afterwards. */
  release(pace: () => Promise<void>): AsyncGenerator<Step, void>;
  drop(): void;
}

function createQueue(): Queue {
  let steps: Step[] = [];
  let bytes = 0;
  const drop = () => {
    for (const { packet } of steps) packet.free();
    steps = [];
    bytes = 0;
  };
  return {
    push(step) {
      steps.push(step);
      bytes += step.packet.size;
    },
    isFull: () => bytes > MAX_QUEUE_BYTES,
    async *release(pace) {
      for (const step of steps) {
        await pace();
        yield step;
      }
      drop();
    },
    drop,
  };
}
