// Whether a file of strangers is worth the memory and the time it would take.

import type { MediaKind } from '../../data/items/index.js';
import type { Decoder, MediaInfo } from '../../data/video/index.js';
import { fail, UniAdapterError } from '../../error/index.js';
import { ANIMATION_PIXELS, LIMITS } from './limits.js';

/** Where clips are decoded: an end that is cut off shows. */
const POSITIONS: Readonly<Record<MediaKind, readonly number[]>> = { image: [0.5], video: [0.05, 0.5, 0.95] };

/**
 * Reads a file's header, then decodes some of it.
 *
 * @throws data  when it is larger or longer than the limits, or cannot be decoded; paths are not told
 */
export async function checkMedia(path: string, kind: MediaKind, decoder: Decoder): Promise<MediaInfo> {
  try {
    const info = await decoder.probe(path);
    refuseLarge(info);
    await decoder.frames(path, POSITIONS[kind]);
    return info;
  } catch (error) {
    if (!(error instanceof UniAdapterError)) throw error;
    return fail(error.code === 'file' ? 'data' : error.code, { ...error.problem, where: 'upload' });
  }
}

function refuseLarge({ kind, width, height, frames, seconds }: MediaInfo): void {
  const pixels = width * height;
  const { pixels: most, clipSeconds } = LIMITS;
  if (pixels > most) refuse('is too large', `${width}×${height} pixels`, `at most ${most / 1e6} megapixels`);
  if ((seconds ?? 0) > clipSeconds) refuse('is too long', `${Math.round(seconds ?? 0)} s`, `at most ${clipSeconds} s`);
  if (kind === 'animation' && pixels * (frames ?? 1) > ANIMATION_PIXELS)
    refuse('is too large', `${frames} frames of ${width}×${height} pixels`, 'fewer or smaller frames');
}

function refuse(what: string, got: string, expected: string): never {
  fail('data', { where: 'upload', what, got, expected });
}
