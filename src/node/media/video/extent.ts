// When a stream of pictures starts and ends. Containers with a table of their frames know; of the others, the end is read.

import { type Container, withContainer } from './container.js';
import { createPace } from './packets.js';
import { seek, timeOf } from './reader.js';

/** In ticks. */
export interface Extent {
  /** When the first frame is shown. */
  readonly first: number;
  /** When the last frame has been shown. */
  readonly end: number;
}

/** A file that ends so much earlier than it says is cut off. */
export const SLACK_SECONDS = 0.5;

/** Later than anything. */
const FOREVER = 2 ** 62;

/** First and last moment of a container's pictures. Leaves the container where it is: what is read, is read beside it. */
export async function extentOf({ path, open, library, stream }: Container): Promise<Extent> {
  const { startTime, duration, nbFrames } = stream;
  const isKnown = startTime !== library.codes.AV_NOPTS_VALUE;
  if (isKnown && nbFrames > 0n && duration > 0n) return { first: Number(startTime), end: Number(startTime + duration) };
  const first = isKnown ? Number(startTime) : (await withContainer(path, open, readOn, stream.index)).start;
  return { first, end: await withContainer(path, open, (other) => measuredEnd(other, first), stream.index) };
}

/** The end of the last frame, or what the header says where the file is cut off. */
async function measuredEnd(container: Container, first: number): Promise<number> {
  const { path, open, stream, ticksPerSecond } = container;
  const { start, duration } = declared(container);
  const goal = (start + duration) * ticksPerSecond;
  const tail = (await readTail(container, first, goal)) ?? (await withContainer(path, open, readOn, stream.index));
  const isCut = duration - tail.reached > SLACK_SECONDS; // never where nothing is declared: NaN
  return isCut ? duration * ticksPerSecond : Math.max(tail.end, first);
}

/** What the header says of all streams, in seconds. Some containers (mkv) count the duration from 0, not from the start. */
function declared({ format, library }: Container): { start: number; duration: number } {
  const { startTime, duration } = format;
  const isKnown = duration !== library.codes.AV_NOPTS_VALUE && duration > 0n;
  const start = startTime === library.codes.AV_NOPTS_VALUE ? 0 : Number(startTime) / 1e6;
  return { start, duration: isKnown ? Number(duration) / 1e6 : Number.NaN };
}

interface Tail {
  /** Of the pictures, in ticks; NaN without any. */
  readonly start: number;
  readonly end: number;
  /** End of the last of all streams, in seconds. */
  readonly reached: number;
  readonly hasKey: boolean;
  /** Some pictures have no times, and those around them may be guesses. */
  readonly isGapped: boolean;
}

/** Reads the last keyframe and what follows, which holds the last picture; undefined where that cannot be told so. */
async function readTail(container: Container, first: number, end: number): Promise<Tail | undefined> {
  for (let back = 0; ; back = back * 2 || container.ticksPerSecond) {
    const goal = Number.isNaN(end) ? FOREVER : end - back;
    if (!(goal >= first) || !seek(container, goal)) return undefined;
    const tail = await readOn(container);
    if (tail.isGapped) return undefined;
    if (tail.hasKey) return tail;
    if (goal === FOREVER) return undefined;
  }
}

/** Reads packets until the file ends. */
async function readOn(container: Container): Promise<Tail> {
  const { library, format, stream, frameTicks, delay } = container;
  const none = library.codes.AV_NOPTS_VALUE;
  const pace = createPace();
  const seconds = format.streams.map(({ timeBase }) => timeBase.num / timeBase.den);
  let [start, end, reached, hasKey] = [Number.NaN, Number.NEGATIVE_INFINITY, 0, false];
  let [decoded, isGapped] = [Number.NEGATIVE_INFINITY, false];
  using packet = new library.av.Packet();
  packet.alloc();
  for (; format.readFrameSync(packet) >= 0; packet.unref()) {
    await pace();
    const time = timeOf(packet, container);
    if (Number.isNaN(time)) continue;
    const after = time + Number(packet.duration);
    reached = Math.max(reached, after * (seconds[packet.streamIndex] ?? 0));
    if (packet.streamIndex !== stream.index) continue;
    if (Number.isNaN(start)) start = time;
    end = Math.max(end, packet.duration > 0n ? after : time + frameTicks);
    hasKey ||= packet.isKeyframe;
    isGapped ||= packet.pts === none;
    if (packet.dts !== none) decoded = Number(packet.dts);
  }
  // where some pictures have no times (mpg), the last may be one: it is shown as long after the last is decoded as any
  if (isGapped) end = Math.max(end, decoded + delay + frameTicks);
  return { start, end, reached, hasKey, isGapped };
}
