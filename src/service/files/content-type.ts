// What a file is by its first bytes: a name says nothing of what strangers send.

import type { FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { headOf } from '../../data/media/head.js';

export interface ContentType {
  /** Media type. */
  readonly type: string;
  /** What other parts take such a file for, with the dot. */
  readonly extension: string;
}

/** Of Matroska and of MPEG programs: control characters, which regular expressions had better not have. */
const [EBML, MPEG] = ['\x1aE\xdf\xa3', '\0\0\x01\xba'];

const SIGNATURES: readonly (readonly [(head: string) => boolean, string, string])[] = [
  [matches(/^\xff\xd8\xff/), 'image/jpeg', '.jpg'],
  [matches(/^\x89PNG/), 'image/png', '.png'],
  [matches(/^GIF8/), 'image/gif', '.gif'],
  [matches(/^RIFF....WEBP/s), 'image/webp', '.webp'],
  [matches(/^(II[*+]|MM.[*+])/s), 'image/tiff', '.tif'],
  [matches(/^....ftyp(?:avif|avis|mif1)/s), 'image/avif', '.avif'],
  [matches(/^....ftypqt/s), 'video/quicktime', '.mov'],
  [matches(/^....ftyp3g/s), 'video/3gpp', '.3gp'],
  [matches(/^....ftyp/s), 'video/mp4', '.mp4'],
  [(head) => head.startsWith(EBML) && head.slice(0, 64).includes('webm'), 'video/webm', '.webm'],
  [(head) => head.startsWith(EBML), 'video/x-matroska', '.mkv'],
  [matches(/^RIFF....AVI /s), 'video/x-msvideo', '.avi'],
  [matches(/^OggS/), 'video/ogg', '.ogv'],
  [matches(/^G.{187}G/s), 'video/mp2t', '.m2ts'],
  [(head) => head.startsWith(MPEG), 'video/mpeg', '.mpg'],
  [matches(/^0&\xb2u/), 'video/x-ms-wmv', '.wmv'],
  [matches(/^FLV/), 'video/x-flv', '.flv'],
];

function matches(signature: RegExp): (head: string) => boolean {
  return (head) => signature.test(head);
}

/** @param head  the first bytes, a character each @returns null for anything else, SVG among it: it may hold scripts */
export function contentOf(head: string): ContentType | null {
  const found = SIGNATURES.find(([isSuch]) => isSuch(head));
  return found ? { type: found[1], extension: found[2] } : null;
}

/** The media type of a file that is open. @param path  whose name tells of SVG */
export async function mediaTypeOf(file: FileHandle, path: string): Promise<string> {
  const found = contentOf((await headOf(file)) ?? '');
  if (found) return found.type;
  return extname(path).toLowerCase() === '.svg' ? 'image/svg+xml' : 'application/octet-stream';
}
