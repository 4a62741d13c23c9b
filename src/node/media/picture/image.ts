// Image files → pixels, as a person sees them: turned as EXIF says, colours in sRGB, transparent parts on white.
// JPEGs decode to the same bytes as with Pillow. Truncated data is an error, never a picture that is grey below.

import { type Pixels, pixels } from '../../../data/image/index.js';
import { failReading } from '../../../data/media/failing.js';
import type { MediaInfo } from '../../../data/video/index.js';
import { fail } from '../../../error/index.js';
import { type Open, openFile, withFile } from '../../../files/opened.js';
import { sharp } from '../../native/native.js';

/** Larger pictures are refused before they fill the memory. */
export const MAX_PIXELS = 100_000_000;

/**
 * Decodes JPEG, PNG, WebP, GIF, AVIF, TIFF or SVG; of an animation the first frame; 16-bit values become bytes.
 *
 * @throws `file` if the file is missing or cannot be read, `data` if it is empty, truncated, too large or no image
 */
export async function decodeImage(path: string, open: Open = openFile): Promise<Pixels> {
  return decodeBytes(path, await readImage(path, open));
}

/** The same of a file that has been read. @throws `data` */
export async function decodeBytes(path: string, bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .raw() // sRGB and bytes are what it gives unless told otherwise
    .toBuffer({ resolveWithObject: true })
    .catch((error: Error) => failDecoding(path, error));
  return pixels(info.width, info.height, info.channels === 4 ? onWhite(data) : data);
}

/** RGBA over white, rounded to the nearest as Pillow does; sharp's `flatten` rounds down. */
export function onWhite(data: Uint8Array): Uint8Array {
  const out = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const alpha = data[from + 3] as number;
    for (let c = 0; c < 3; c++)
      out[to++] = Math.round(((data[from + c] as number) * alpha + 255 * (255 - alpha)) / 255);
  }
  return out;
}

/**
 * The bytes of a file. They are given to sharp instead of its name, since sharp remembers what a name once stood for.
 *
 * @throws `file` if it is missing or cannot be read, `data` if it is empty
 */
export async function readImage(path: string, open: Open = openFile): Promise<Uint8Array> {
  const bytes = await withFile(path, open, (file) => file.readFile()).catch((error) => failReading(path, error));
  if (bytes.length === 0) failEmpty(path);
  return bytes;
}

/**
 * What the file's header tells: enough to find files that are missing, empty, too large or no image, but not truncated ones.
 *
 * @throws as {@link decodeImage}
 */
export async function imageInfo(path: string): Promise<MediaInfo> {
  const { size } = await withFile(path, openFile, (file) => file.stat()).catch((error) => failReading(path, error));
  if (size === 0) failEmpty(path);
  const { autoOrient } = await sharp(path, { limitInputPixels: MAX_PIXELS })
    .metadata()
    .catch((error: Error) => failDecoding(path, error));
  return { kind: 'image', width: autoOrient.width, height: autoOrient.height, frames: 1, seconds: 0 };
}

/** Refuses a picture before it is decoded. @throws `data` */
export function checkSize(path: string, { width, height }: { readonly width: number; readonly height: number }): void {
  if (width * height > MAX_PIXELS) failTooLarge(path, `${width}×${height} pixels`);
}

export function failEmpty(path: string): never {
  fail('data', { where: path, what: 'is empty', got: '0 bytes', expected: 'an image or a clip' });
}

function failTooLarge(path: string, got: string, cause?: Error): never {
  const expected = `at most ${MAX_PIXELS / 1e6} megapixels`;
  fail('data', { where: path, what: 'is too large', got, expected, cause });
}

export function failDecoding(path: string, cause: Error): never {
  const got = cause.message
    .replace(/^source: bad seek to \d+$/gm, '') // libheif's trace
    .replace(/\s+/g, ' ')
    .trim();
  if (got.includes('pixel limit')) failTooLarge(path, got, cause);
  const expected = 'a complete JPEG, PNG, WebP, GIF, AVIF or TIFF';
  fail('data', { where: path, what: 'cannot be decoded', got, expected, cause });
}
