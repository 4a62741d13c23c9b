// Videos → the frames shown at some of their moments, by FFmpeg inside this process. Every packet is decoded at most once,
// at most one GOP of them is held, and the work is done in slices of a few milliseconds on the calling thread.

import type { Pixels } from '../../../image/index.js';
import type { MediaInfo } from '../../../video/index.js';
import { type Container, withContainer } from './container.js';
import { type Extent, extentOf } from './extent.js';
import { neededPackets } from './packets.js';
import { createPicker } from './picker.js';
import { openPictures } from './pictures.js';

/** Rounding may not make a frame start a moment after its time; in ticks. */
const FORGIVEN = 1e-3;

/**
 * The frames of a video shown at `positions`.
 *
 * @param positions  0…1 of the duration, ascending
 * @throws `data`, naming the file, if it is no video, has no pictures, or a wanted frame cannot be decoded;
 *   `runtime` if the library is not installed
 */
export function videoFrames(path: string, positions: readonly number[]): Promise<readonly Pixels[]> {
  return withContainer(path, async (container) => {
    const extent = await extentOf(container);
    const { first, end } = extent;
    return sample(
      container,
      extent,
      positions.map((position) => first + position * (end - first) + FORGIVEN),
    );
  });
}

/** What a video's header and packets tell. @throws as {@link videoFrames} */
export function videoInfo(path: string): Promise<MediaInfo> {
  return withContainer(path, async (container) => {
    const { first, end } = await extentOf(container);
    const { width, height, orientation, stream, ticksPerSecond } = container;
    const size = orientation.a === 0 ? { width: height, height: width } : { width, height };
    const frames = stream.nbFrames > 0n ? Number(stream.nbFrames) : null;
    return { kind: 'video', ...size, frames, seconds: (end - first) / ticksPerSecond };
  });
}

async function sample(container: Container, extent: Extent, targets: readonly number[]): Promise<readonly Pixels[]> {
  const pictures = openPictures(container, extent.first);
  const picker = createPicker(container, extent, targets, pictures.damagedAt);
  const isDone = () => picker.target() === Number.POSITIVE_INFINITY;
  try {
    for await (const { packet, restarts } of neededPackets(container, extent.first, picker.target)) {
      if (restarts) pictures.restart();
      for (const picture of pictures.decode(packet)) picker.offer(picture);
      if (isDone()) break;
    }
    if (!isDone()) for (const picture of pictures.decode(null)) picker.offer(picture);
    return picker.finish();
  } finally {
    picker.close();
    pictures.close();
  }
}
