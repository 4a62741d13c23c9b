// Animated GIF and WebP → the frames shown at some of their moments. Frames build on those before them, so a decoder starts
// from the first one every time: wanted frames are decoded together, as many as fit into memory.

import { type Pixels, pixels } from '../../../data/image/index.js';
import type { MediaInfo } from '../../../data/video/index.js';
import { type Open, openFile } from '../../../files/opened.js';
import { sharp } from '../../native/native.js';
import { checkSize, decodeBytes, failDecoding, imageInfo, onWhite, readImage } from './image.js';

/** Frames that are decoded together take no more, unless a single one does. */
const TOGETHER_BYTES = 2 ** 26;
/** sharp's, which has transparency. */
const BYTES_PER_PIXEL = 4;
/** Delays of up to 10 ms are shown as 100 ms, as browsers do: they come from times when that was the fastest. */
const [TOO_SHORT_MS, USUAL_MS] = [10, 100];

/** Bytes that start a part of a GIF; the rest are extensions. */
const [IMAGE, TRAILER] = [0x2c, 0x3b];

interface Animation {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** When each frame is shown first, in milliseconds. */
  readonly starts: readonly number[];
  readonly end: number;
}

/**
 * The frames of an animation shown at `positions`; of one with a single frame, that.
 *
 * @param positions      0…1 of the duration, ascending
 * @param togetherBytes  what decoding may take at a time; default 64 MiB
 * @param open           how the file is opened; default: links are followed
 * @throws `file` if the file cannot be read, `data` if it is truncated or too large
 */
export async function animationFrames(
  path: string,
  positions: readonly number[],
  { togetherBytes = TOGETHER_BYTES, open = openFile }: { togetherBytes?: number; open?: Open } = {},
): Promise<readonly Pixels[]> {
  const animation = await openAnimation(path, open);
  const { bytes, starts, end } = animation;
  if (starts.length === 1) {
    const picture = await decodeBytes(path, bytes);
    return positions.map(() => picture);
  }
  const wanted = positions.map((position) => shownAt(starts, end, position));
  const frames = await decode(animation, [...new Set(wanted)], togetherBytes);
  return wanted.map((index) => frames.get(index) as Pixels);
}

/** What an animation's headers tell. @throws as {@link animationFrames} */
export async function animationInfo(path: string): Promise<MediaInfo> {
  const { width, height, starts, end } = await openAnimation(path, openFile);
  if (starts.length === 1) return imageInfo(path);
  return { kind: 'animation', width, height, frames: starts.length, seconds: end / 1000 };
}

/**
 * The frame shown at a position: the last one that starts no later.
 *
 * @param starts    when each frame is shown first, ascending
 * @param end       when the last one has been shown
 * @param position  0…1 of the time between
 */
export function shownAt(starts: readonly number[], end: number, position: number): number {
  const start = starts[0] ?? 0;
  const time = start + position * (end - start) + (end - start) * 1e-9; // rounding makes no frame late
  return Math.max(
    0,
    starts.findLastIndex((from) => from <= time),
  );
}

async function openAnimation(path: string, open: Open): Promise<Animation> {
  const bytes = await readImage(path, open);
  const {
    width,
    height,
    pages = 1,
    delay = [],
  } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: Error) => failDecoding(path, error));
  checkSize(path, { width, height });
  if (isCutGif(bytes)) failDecoding(path, new Error('the file is cut off'));
  const times = [0];
  for (let i = 0; i < pages; i++) times.push((times[i] as number) + shownFor(delay[i] ?? 0));
  return { path, bytes, width, height, starts: times.slice(0, -1), end: times[pages] as number };
}

const shownFor = (delayMs: number) => (delayMs <= TOO_SHORT_MS ? USUAL_MS : delayMs);

/** @param wanted  indices of frames, ascending */
async function decode(
  animation: Animation,
  wanted: readonly number[],
  togetherBytes: number,
): Promise<Map<number, Pixels>> {
  const { width, height } = animation;
  const together = Math.max(1, Math.floor(togetherBytes / (width * height * BYTES_PER_PIXEL)));
  const frames = new Map<number, Pixels>();
  for (let at = 0; at < wanted.length; ) {
    const first = wanted[at] as number;
    const run = wanted.slice(at).filter((index) => index < first + together);
    const rows = await decodeRun(animation, first, (run.at(-1) as number) - first + 1);
    const frameBytes = width * height * 3;
    for (const index of run) {
      const from = (index - first) * frameBytes;
      const data = new Uint8Array(rows.subarray(from, from + frameBytes)); // a copy, which does not hold on to the others
      frames.set(index, pixels(width, height, data));
    }
    at += run.length;
  }
  return frames;
}

/** Frames below each other. */
async function decodeRun({ path, bytes }: Animation, page: number, pages: number): Promise<Uint8Array> {
  const { data, info } = await sharp(bytes, { page, pages, failOn: 'error', limitInputPixels: false })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: Error) => failDecoding(path, error));
  return info.channels === 4 ? onWhite(data) : data;
}

/** Whether a GIF ends inside a part. sharp would show what there is of its last frame. */
function isCutGif(bytes: Uint8Array): boolean {
  const at = (i: number) => bytes[i] ?? 0;
  const tableBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== 'GIF8') return false;
  let i = 13 + tableBytes(at(10));
  while (i < bytes.length && at(i) !== TRAILER) {
    i += at(i) === IMAGE ? 11 + tableBytes(at(i + 9)) : 2; // up to the blocks of data
    while (i < bytes.length && at(i) !== 0) i += at(i) + 1;
    i += 1;
  }
  return i > bytes.length;
}
