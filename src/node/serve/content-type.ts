// What a file is by its first bytes: a name says nothing of what strangers send.

import { extname } from 'node:path';
import { readHead } from '../media/head.js';

export interface ContentType {
  /** Media type. */
  readonly type: string;
  /** What other parts take such a file for, with the dot. */
  readonly extension: string;
}

const SIGNATURES: readonly (readonly [RegExp, string, string])[] = [
  [/^\xff\xd8\xff/, 'image/jpeg', '.jpg'],
  [/^\x89PNG/, 'image/png', '.png'],
  [/^GIF8/, 'image/gif', '.gif'],
  [/^RIFF....WEBP/s, 'image/webp', '.webp'],
  [/^(II[*+]|MM.[*+])/s, 'image/tiff', '.tif'],
  [/^....ftyp(?:avif|avis|mif1)/s, 'image/avif', '.avif'],
  [/^....ftypqt/s, 'video/quicktime', '.mov'],
  [/^....ftyp3g/s, 'video/3gpp', '.3gp'],
  [/^....ftyp/s, 'video/mp4', '.mp4'],
  [/^\x1aE\xdf\xa3.{0,64}webm/s, 'video/webm', '.webm'],
  [/^\x1aE\xdf\xa3/, 'video/x-matroska', '.mkv'],
  [/^RIFF....AVI /s, 'video/x-msvideo', '.avi'],
  [/^OggS/, 'video/ogg', '.ogv'],
  [/^\x47.{187}\x47/s, 'video/mp2t', '.m2ts'],
  [/^\0\0\x01[\xb3\xba]/, 'video/mpeg', '.mpg'],
  [/^\x30\x26\xb2\x75/, 'video/x-ms-wmv', '.wmv'],
  [/^FLV/, 'video/x-flv', '.flv'],
];

/** @param head  the first bytes, a character each @returns null for anything else, SVG among it: it may hold scripts */
export function contentOf(head: string): ContentType | null {
  const found = SIGNATURES.find(([signature]) => signature.test(head));
  return found ? { type: found[1], extension: found[2] } : null;
}

/** The media type of a file of a library. @throws `file` when it cannot be read */
export async function mediaTypeOf(path: string): Promise<string> {
  const found = contentOf((await readHead(path)) ?? '');
  if (found) return found.type;
  return extname(path).toLowerCase() === '.svg' ? 'image/svg+xml' : 'application/octet-stream';
}
