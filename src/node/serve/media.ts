// What a request means by an image or a clip: a file of a library or of the uploads, by its id alone. No path comes in
// from outside, and none that leads out of a library is followed.

import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { MediaKind } from '../../data/index.js';
import { fail } from '../../error/index.js';
import type { MediaRef } from '../../server/index.js';
import type { Libraries } from './libraries.js';
import type { Uploads } from './uploads.js';

export interface MediaFile {
  readonly path: string;
  readonly kind: MediaKind;
}

/** @throws missing  when there is no such library, item or upload */
export async function mediaFile(
  ref: MediaRef,
  { libraries, uploads }: { readonly libraries: Libraries; readonly uploads: Uploads },
): Promise<MediaFile> {
  if ('upload' in ref) return uploads.find(ref.upload);
  const { root, path, kind } = await libraries.file(ref.library, ref.item);
  return { path: await insideOf(root, path, ref.item), kind };
}

/** Where a file really is. @throws missing  when that is not below `root`, or nowhere */
async function insideOf(root: string, path: string, id: string): Promise<string> {
  const [real, top] = await Promise.all([realpath(path).catch(() => null), realpath(root).catch(() => null)]);
  if (real !== null && top !== null && real.startsWith(`${top}${sep}`)) return real;
  return fail('missing', {
    where: `item ${id}`,
    what: 'the file is not there any more',
    fix: 'index the library again',
  });
}
