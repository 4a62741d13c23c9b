// Small pictures of files: an image, or a frame of a clip as a model is shown it.

import type { Pixels } from '../../data/image/index.js';
import { type Decoder, positions } from '../../data/video/index.js';
import { fail } from '../../error/index.js';
import { openReal, withFile } from '../../files/opened.js';
import { sharp } from '../../node/native/native.js';
import type { PictureOptions } from '../../server/index.js';
import { boundedCache } from './bounded.js';
import { refuseUnread } from './gone.js';
import { createSemaphore } from './semaphore.js';

const CACHE_BYTES = 64 * 2 ** 20;
/** A decoded picture may take 300 MB. */
const AT_ONCE = 2;
const MAX_FRAMES = 64;
const QUALITY = 82;

/** Makes a picture of a file. @returns WebP @throws data or file  when it cannot be decoded; recipe  when there is no such frame */
export type TakePicture = (
  path: string,
  kind: 'image' | 'video',
  options: PictureOptions,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Pictures are kept in memory; of a clip all frames are made at once, since one is rarely asked for alone. */
export function createPictures(decoder: Decoder): TakePicture {
  const cache = boundedCache(CACHE_BYTES);
  const semaphore = createSemaphore(AT_ONCE);
  const underWay = new Map<string, Promise<readonly Uint8Array<ArrayBuffer>[]>>();

  const make = (path: string, frames: number, size: number) =>
    semaphore(async () => {
      const shown = await decoder.frames(path, positions(frames, null));
      return Promise.all(shown.map((frame) => shrink(frame, size)));
    });

  return async (path, kind, { size, frame, frames }) => {
    refuseFrame(frame, frames);
    const of = kind === 'image' ? 1 : frames;
    const index = kind === 'image' ? 0 : frame;
    const { mtimeMs, size: bytes } = await withFile(path, openReal, (file) => file.stat()).catch((error) =>
      refuseUnread(error, { where: 'the file', fix: 'index the library again' }),
    );
    const key = `${path} ${mtimeMs} ${bytes} ${size} ${of}`;
    const known = cache.get(`${key} ${index}`);
    if (known) return known;
    const making = underWay.get(key) ?? make(path, of, size).finally(() => underWay.delete(key));
    underWay.set(key, making);
    const made = await making;
    for (const [i, picture] of made.entries()) cache.put(`${key} ${i}`, picture);
    return made[index] as Uint8Array<ArrayBuffer>;
  };
}

function refuseFrame(frame: number, frames: number): void {
  if (frames >= 1 && frames <= MAX_FRAMES && frame >= 0 && frame < frames) return;
  fail('recipe', {
    where: 'picture',
    what: 'there is no such frame',
    got: `frame ${frame} of ${frames}`,
    expected: `frames from 1 to ${MAX_FRAMES}, and a frame from 0 to one less`,
  });
}

/** @param size  of the longer side; smaller pictures stay as they are */
async function shrink({ width, height, data }: Pixels, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const webp = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer();
  return new Uint8Array(webp);
}
