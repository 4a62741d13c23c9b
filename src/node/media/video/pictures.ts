// Packets → decoded pictures with their times, and what of them is damaged.

import type { CodecContext, Frame, Packet } from 'node-av/lib';
import { fail } from '../../../error/index.js';
import { MAX_PIXELS } from '../picture/image.js';
import type { Container } from './container.js';
import { timeOf } from './reader.js';

export interface Picture {
  /** The producer's: it changes with the next picture. */
  readonly frame: Frame;
  /** When it is shown, in ticks. */
  readonly time: number;
}

export interface Pictures {
  /** Takes a packet, or null at the end, and gives the pictures that are complete by then, in the order they are shown. */
  decode(packet: Packet | null): Generator<Picture>;
  /** Forgets what came before: the next packet is a keyframe. */
  restart(): void;
  /** Time of the first error since the last sound keyframe, in ticks: from then on pictures are damaged or missing. */
  damagedAt(): number | undefined;
  close(): void;
}

/**
 * Opens a decoder for the container's stream.
 *
 * @param first  when the stream starts, in ticks
 * @throws `data` if the codec refuses
 */
export function openPictures(container: Container, first: number): Pictures {
  const { av, codes } = container.library;
  const context = openContext(container);
  const frame = new av.Frame();
  frame.alloc();
  let damage: number | undefined;
  let start = Number.NEGATIVE_INFINITY;
  const clock = createClock(container, first);

  const damaged = (time: number) => {
    if (time >= start) damage = Math.min(damage ?? time, time);
  };
  const send = (packet: Packet | null) => {
    const isBroken = packet?.hasFlags(codes.AV_PKT_FLAG_CORRUPT) ?? false;
    const status = isBroken ? codes.AVERROR_INVALIDDATA : context.sendPacketSync(packet);
    if (packet && status < 0) damaged(timeOf(packet, container));
  };

  return {
    *decode(packet) {
      if (packet && start === Number.NEGATIVE_INFINITY) start = timeOf(packet, container);
      send(packet);
      for (; context.receiveFrameSync(frame) >= 0; frame.unref()) {
        const time = clock(frame);
        const isFlawed = frame.decodeErrorFlags !== 0;
        if (isFlawed) damaged(time);
        yield { frame, time };
        // only now, since what came before is shown until this one
        if (frame.keyFrame && damage !== undefined && damage <= time) damage = isFlawed ? time : undefined;
      }
    },
    restart() {
      context.flushBuffers();
      damage = undefined;
      start = Number.NEGATIVE_INFINITY;
    },
    damagedAt: () => damage,
    close() {
      frame.free();
      context.freeContext();
    },
  };
}

function openContext({ path, library: { av }, codec, stream }: Container): CodecContext {
  const context = new av.CodecContext();
  context.allocContext3(codec);
  context.parametersToContext(stream.codecpar);
  context.pktTimebase = stream.timeBase;
  context.setOption('max_pixels', MAX_PIXELS); // pictures may be larger than the header says
  const status = context.open2Sync(codec, null);
  if (status >= 0) return context;
  context.freeContext();
  const got = `${codec.name}: ${av.FFmpegError.strerror(status)}`;
  return fail('data', { where: path, what: 'has a video codec that refuses it', got });
}

/**
 * Tells when a frame is shown. Frames come in order, so a time that does not grow is none (mpg has such), nor is the one
 * of the last frames of an avi: those follow at the distance of the two before. Without presentation times (avi) FFmpeg
 * gives the time at which the decoder let go of the frame: late by what it holds back, which the first frame shows.
 */
function createClock({ library: { codes } }: Container, first: number): (frame: Frame) => number {
  const none = codes.AV_NOPTS_VALUE;
  let late: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let step = 0;
  return ({ pts, bestEffortTimestamp: best, duration }) => {
    late ??= pts === none && best !== none ? Number(best) - first : 0;
    const stated = best === none ? Number.NaN : Number(best) - late;
    const isFirst = last === Number.NEGATIVE_INFINITY;
    const time = stated > last ? stated : isFirst ? first : last + step;
    step = isFirst ? Number(duration) : time - last;
    last = time;
    return time;
  };
}
