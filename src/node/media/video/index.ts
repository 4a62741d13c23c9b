// Videos → the frames shown at some of their moments, by FFmpeg inside this process. Every packet is decoded at most once,
// at most one GOP of them is held, and the work is done in slices of a few milliseconds on the calling thread.

import { type Pixels, pixels } from '../../../data/image/index.js';
import type { MediaInfo } from '../../../data/video/index.js';
import { type Open, openFile } from '../../../files/opened.js';
import { type Container, withContainer } from './container.js';
import { type Extent, extentOf } from './extent.js';
import { neededPackets } from './packets.js';
import { createPicker } from './picker.js';
import { openPictures } from './pictures.js';
import { rewind, timeOf } from './reader.js';

/** Rounding may not make a frame start a moment after its time; in ticks. */
const FORGIVEN = 1e-3;

/**
 * The frames of a video shown at `positions`.
 *
 * @param positions  0…1 of the duration, ascending
 * @param open  how the file is opened; default: links are followed
 * @throws `data`, naming the file, if it is no video, has no pictures, or a wanted frame cannot be decoded;
 *   `runtime` if the library is not installed
 */
export function videoFrames(
  path: string,
  positions: readonly number[],
  open: Open = openFile,
): Promise<readonly Pixels[]> {
  return withContainer(path, open, async (container) => {
    const colours = await framesOf(container, positions);
    if (container.alpha === null) return colours;
    const alphas = await withContainer(path, open, (other) => framesOf(other, positions), container.alpha.index);
    return colours.map((colour, i) => onWhite(colour, alphas[i] as Pixels));
  });
}

async function framesOf(container: Container, positions: readonly number[]): Promise<readonly Pixels[]> {
  const extent = await extentOf(container);
  const { first, end } = extent;
  const targets = positions.map((position) => first + position * (end - first) + FORGIVEN);
  return sample(container, extent, targets);
}

/** A picture over white. @param alpha  its transparency as a grey picture of the same size */
function onWhite({ width, height, data }: Pixels, alpha: Pixels): Pixels {
  return pixels(
    width,
    height,
    data.map((value, i) => Math.round(255 + ((value - 255) * (alpha.data[i] as number)) / 255)),
  );
}

/** What a video's header and packets tell. @throws as {@link videoFrames} */
export function videoInfo(path: string): Promise<MediaInfo> {
  return withContainer(path, openFile, async (container) => {
    const { first, end } = await extentOf(container);
    const { width, height, orientation, stream, ticksPerSecond } = container;
    const size = orientation.a === 0 ? { width: height, height: width } : { width, height };
    const frames = stream.nbFrames > 0n ? Number(stream.nbFrames) : null;
    return { kind: 'video', ...size, frames, seconds: (end - first) / ticksPerSecond };
  });
}

/**
 * Decodes from the last keyframe before each target, or from further back where that shows to be too late: with periodic
 * intra refresh (H.264) pictures are whole only some time after the packet that counts as a keyframe.
 */
async function sample(container: Container, extent: Extent, targets: readonly number[]): Promise<readonly Pixels[]> {
  for (let lead = 0; ; rewind(container, extent.first)) {
    const { frames, late } = await sampleFrom(container, extent, targets, lead);
    if (late === 0) return frames;
    lead = Math.max(late, 2 * lead);
  }
}

interface Sampled {
  readonly frames: readonly Pixels[];
  /** Ticks from a keyframe to the first whole picture, where that was later than wanted; there are no frames then. */
  readonly late: number;
}

/** @param lead  ticks that a keyframe must come before a target for decoding to start there; infinite decodes everything */
async function sampleFrom(
  container: Container,
  extent: Extent,
  targets: readonly number[],
  lead: number,
): Promise<Sampled> {
  const pictures = openPictures(container, extent.first);
  const picker = createPicker(container, extent, targets, pictures.damagedAt);
  const isDone = () => picker.target() === Number.POSITIVE_INFINITY;
  let startedAt: number | undefined; // the keyframe that has given no picture yet
  const isLate = (time: number) => startedAt !== undefined && time > picker.target();
  const lateBy = (time: number): Sampled => ({ frames: [], late: time - (startedAt as number) });
  try {
    for await (const { packet, restarts } of allPackets(container, extent, () => picker.target() - lead)) {
      if (restarts) pictures.restart();
      if (restarts && packet) startedAt = timeOf(packet, container);
      for (const picture of pictures.decode(packet)) {
        if (isLate(picture.time)) return lateBy(picture.time);
        startedAt = undefined;
        picker.offer(picture);
      }
      if (isDone()) break;
    }
    return startedAt === undefined ? { frames: picker.finish(), late: 0 } : lateBy(Number.POSITIVE_INFINITY);
  } finally {
    picker.close();
    pictures.close();
  }
}

/** The packets that are needed, and the end. */
async function* allPackets(container: Container, { first }: Extent, target: () => number) {
  yield* neededPackets(container, first, target);
  yield { packet: null, restarts: false };
}
