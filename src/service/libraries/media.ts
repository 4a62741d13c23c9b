// What a request means by an image or a clip: a file of a library or of the uploads, by its id alone. No path comes in
// from outside, and none that leads out of a library is followed, whenever a link was put there: files are opened without
// links, here and by whoever decodes them.

import type { FileHandle } from 'node:fs/promises';
import type { MediaKind } from '../../data/items/index.js';
import { openReal, withFile } from '../../files/opened.js';
import type { MediaRef } from '../../server/index.js';
import { type Meant, refuseUnread } from '../files/gone.js';
import type { Uploads } from '../files/uploads.js';
import type { Libraries } from './libraries.js';

export interface MediaFile {
  /** Without links. */
  readonly path: string;
  readonly kind: MediaKind;
}

export interface MediaSources {
  readonly libraries: Pick<Libraries, 'file'>;
  readonly uploads: Pick<Uploads, 'find'>;
}

/** @throws missing  when there is no such library, item or upload, or its file is gone; data  when it cannot be read */
export async function mediaFile(ref: MediaRef, sources: MediaSources): Promise<MediaFile> {
  const file = await fileOf(ref, sources);
  await withFile(file.path, openReal, refuseFolder).catch((error) => refuseUnread(error, meant(ref)));
  return file;
}

/** The file itself, opened; whoever asked closes it. @throws as {@link mediaFile} */
export async function openMedia(
  ref: MediaRef,
  sources: MediaSources,
): Promise<{ readonly file: FileHandle; readonly path: string }> {
  const { path } = await fileOf(ref, sources);
  const file = await openReal(path).catch((error) => refuseUnread(error, meant(ref)));
  try {
    await refuseFolder(file);
    return { file, path };
  } catch (error) {
    await file.close();
    return refuseUnread(error, meant(ref));
  }
}

async function fileOf(ref: MediaRef, { libraries, uploads }: MediaSources): Promise<MediaFile> {
  return 'upload' in ref ? uploads.find(ref.upload) : libraries.file(ref.library, ref.item);
}

async function refuseFolder(file: FileHandle): Promise<void> {
  if ((await file.stat()).isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR', syscall: 'open' });
}

const meant = (ref: MediaRef): Meant =>
  'upload' in ref
    ? { where: `upload ${ref.upload}`, fix: 'upload the file again' }
    : { where: `item ${ref.item}`, fix: 'index the library again' };
