// From a file to the packets that the wanted frames need, each once and in order. What lies between keyframes is kept
// back until it is known whether a later keyframe makes it needless; far ahead, the file is searched instead of read.

import { setImmediate } from 'node:timers/promises';
import type { Packet } from 'node-av/lib';
import type { Container } from './container.js';

export interface Step {
  readonly packet: Packet;
  /** Decoding starts anew with this packet, a keyframe: what is between it and the last one is not needed. */
  readonly restarts: boolean;
}

/** Other programs get their turn at least so often. */
const SLICE_MS = 8;
/** Searching a file costs more than reading a little of it. */
const FAR_SECONDS = 10;
/** What is kept back at most; more is decoded, needed or not. */
const MAX_QUEUE_BYTES = 2 ** 25;

/** Where a packet lies in the file, whatever its container has of offsets and decoding times. */
interface Place {
  /** Time of the keyframe before it or it itself. */
  readonly key: number;
  /** Packets since, both included. */
  readonly count: number;
}

const NOWHERE: Place = { key: Number.NEGATIVE_INFINITY, count: 0 };

/** When a packet's picture is shown, in ticks; where the container does not say (avi, some of mpg), when it is decoded. */
export function timeOf({ pts, dts }: Packet, { library }: Container): number {
  const none = library.codes.AV_NOPTS_VALUE;
  const time = pts === none ? dts : pts;
  return time === none ? Number.NaN : Number(time);
}

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
  const pace = createPace();
  const far = FAR_SECONDS * container.ticksPerSecond;
  let queue: Packet[] = [];
  let bytes = 0;
  let restarts = false;
  let soughtFor = Number.NEGATIVE_INFINITY;
  const drop = () => {
    for (const packet of queue) packet.free();
    queue = [];
    bytes = 0;
  };
  const release = async function* (): AsyncGenerator<Step, void> {
    for (const packet of queue) {
      await pace();
      yield { packet, restarts };
      restarts = false;
    }
    drop();
  };
  try {
    for (let packet = reader.next(); packet !== null; packet = reader.next()) {
      await pace();
      const time = timeOf(packet, container);
      if (reader.isKey(packet) && time <= target() && !reader.isUntimed()) {
        drop();
        restarts = true;
      }
      queue.push(packet);
      bytes += packet.size;
      if (time > target() || bytes > MAX_QUEUE_BYTES || reader.isUntimed()) yield* release();
      if (target() - time > far && target() > soughtFor && !reader.isUntimed()) {
        soughtFor = target();
        reader.jump(soughtFor);
      }
    }
    yield* release();
  } finally {
    drop();
    reader.close();
  }
}

interface Reader {
  /** The next packet that was not read before, from the first keyframe on; null at the end. */
  next(): Packet | null;
  /** Moves to a keyframe at or before a time, unless that is behind what was read. */
  jump(ticks: number): void;
  /** Whether decoding can start with a packet, and it is known when that is shown. */
  isKey(packet: Packet): boolean;
  /** Whether pictures have no times of their own: then every one has to be counted. */
  isUntimed(): boolean;
  close(): void;
}

function createReader(container: Container, first: number): Reader {
  const { codes } = container.library;
  let place = NOWHERE;
  let furthest = NOWHERE;
  let isCatchingUp = true;
  let landed: Packet | null = null;
  let isUntimed: boolean | undefined;

  const isKey = (packet: Packet) => packet.isKeyframe && (isUntimed === true || packet.pts !== codes.AV_NOPTS_VALUE);
  const read = (): Packet | null => {
    const packet = readPacket(container);
    if (packet === null) return null;
    isUntimed ??= packet.pts === codes.AV_NOPTS_VALUE;
    const time = timeOf(packet, container);
    const isOther = isKey(packet) && time !== place.key;
    place = isOther ? { key: time, count: 1 } : { key: place.key, count: place.count + 1 };
    return packet;
  };
  const isNew = () =>
    place.key > furthest.key || (place.key === furthest.key && place.key > NOWHERE.key && place.count > furthest.count);
  const readKey = (): Packet | null => {
    let packet = read();
    for (; packet !== null && !isKey(packet); packet = read()) packet.free();
    return packet;
  };

  return {
    next() {
      let packet = landed ?? read();
      landed = null;
      for (; packet !== null && isCatchingUp && !isNew(); packet = read()) packet.free();
      isCatchingUp = false;
      furthest = place;
      return packet;
    },
    jump(ticks) {
      for (let back = 0; ; back = back * 2 || container.ticksPerSecond) {
        const isStart = ticks - back <= first;
        if (!(isStart ? rewind(container, first) : seek(container, ticks - back))) return; // nothing has moved
        place = NOWHERE;
        isCatchingUp = true;
        landed = readKey();
        if (isStart || (landed !== null && timeOf(landed, container) <= ticks)) return;
        landed?.free();
      }
    },
    isKey,
    isUntimed: () => isUntimed === true,
    close: () => landed?.free(),
  };
}

/** The next packet of the stream that has content; null at the end, or where the file breaks off. */
function readPacket({ library, format, stream }: Container): Packet | null {
  const packet = new library.av.Packet();
  packet.alloc();
  while (format.readFrameSync(packet) >= 0) {
    if (packet.streamIndex === stream.index && packet.size > 0) return packet;
    packet.unref();
  }
  packet.free();
  return null;
}

/** Moves to the keyframe before a time, as far as the container knows: some land elsewhere. @returns whether it moved */
export function seek({ library, format, stream }: Container, ticks: number): boolean {
  return format.seekFrameSync(stream.index, BigInt(Math.floor(ticks)), library.codes.AVSEEK_FLAG_BACKWARD) >= 0;
}

/** Before everything; containers that refuse such a time go to the first one exactly. */
function rewind(container: Container, first: number): boolean {
  return seek(container, -(2 ** 62)) || seek(container, first);
}
