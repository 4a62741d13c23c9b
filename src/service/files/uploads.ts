// Files that users send: taken in while they stream, decoded once to be sure of what they are, kept for an hour.

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { MediaKind } from '../../data/items/index.js';
import { readHead } from '../../data/media/head.js';
import { mediaKind } from '../../data/media/kind.js';
import type { Decoder } from '../../data/video/index.js';
import { fail, UniAdapterError } from '../../error/index.js';
import { makeFolder, refuse } from '../../files/files.js';
import type { Upload } from '../../server/index.js';
import { contentOf } from './content-type.js';
import { LIMITS, UPLOADS_BYTES } from './limits.js';
import { createSemaphore } from './semaphore.js';
import { checkMedia } from './uploaded.js';

const KEPT_MS = 3_600_000;
const SWEEP_MS = 60_000;
/** A clip whose pictures all build on the first one may take minutes to look into. */
const DECODING_MS = 60_000;
/** Decoding takes memory: a few at a time. */
const AT_ONCE = 2;

export interface UploadedFile {
  readonly path: string;
  readonly kind: MediaKind;
  readonly type: string;
}

export interface Uploads {
  /** @throws data  when it is too long, or no image and no clip; busy  when there is no room */
  take(body: ReadableStream<Uint8Array>): Promise<Upload>;
  /** Keeps bytes of our own. */
  keep(bytes: Uint8Array): Promise<Upload>;
  /** @throws missing */
  find(id: string): UploadedFile;
  /** Removes all of them. */
  close(): Promise<void>;
}

interface Kept extends UploadedFile {
  readonly upload: Upload;
}

/** @param place  a folder for uploads alone */
export async function openUploads(place: string, decoder: Decoder): Promise<Uploads> {
  await makeFolder(place);
  const folder = await realpath(place);
  const kept = new Map<string, Kept>();
  const semaphore = createSemaphore(AT_ONCE);
  let held = 0; // bytes of those that are kept
  let arriving = 0; // bytes of uploads that are not there in full

  /** @param write  tells how many bytes have come before it writes them */
  const receive = async (write: (path: string, came: (bytes: number) => void) => Promise<void>): Promise<Upload> => {
    const path = join(folder, randomUUID());
    let own = 0;
    const came = (bytes: number) => {
      if (held + arriving + bytes > UPLOADS_BYTES) refuseFull();
      own += bytes;
      arriving += bytes;
    };
    try {
      await makeFolder(folder); // whoever cleans temporary folders may have taken it
      await write(path, came);
      const file = await semaphore(() => examine(path, decoder));
      kept.set(file.upload.upload, file);
      held += file.upload.bytes;
      return file.upload;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      arriving -= own;
    }
  };
  const drop = async ({ upload, path }: Kept) => {
    if (kept.delete(upload.upload)) held -= upload.bytes;
    await rm(path, { force: true });
  };
  const sweep = setInterval(() => {
    for (const file of kept.values()) if (Date.parse(file.upload.expires) <= Date.now()) void drop(file);
  }, SWEEP_MS);
  sweep.unref();

  return {
    take: (body) => receive((path, came) => stream(body, path, came)),
    keep: (bytes) =>
      receive((path, came) => {
        came(bytes.length);
        return writeFile(path, bytes);
      }),
    find: (id) => kept.get(id) ?? refuseUnknown(id),
    async close() {
      clearInterval(sweep);
      for (const file of kept.values()) await drop(file);
    },
  };
}

/** Writes what comes, up to the limit. @throws stopped  when the sender is gone; busy  when there is no room */
async function stream(body: ReadableStream<Uint8Array>, path: string, came: (bytes: number) => void): Promise<void> {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.length;
      if (bytes > LIMITS.uploadBytes) return done(tooLong());
      try {
        came(chunk.length);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  const source = Readable.fromWeb(body as NodeReadableStream<Uint8Array>);
  try {
    await pipeline(source, counted, createWriteStream(path, { flags: 'wx' }));
  } catch (error) {
    if (error instanceof UniAdapterError) throw error;
    if (error instanceof Error && 'syscall' in error) await refuse(error, path, bytes);
    fail('stopped', { where: 'upload', what: 'broke off before its end', cause: error });
  }
}

const tooLong = () =>
  new UniAdapterError('data', {
    where: 'upload',
    what: 'is too long',
    expected: `at most ${LIMITS.uploadBytes / 2 ** 20} MiB`,
  });

/** Decodes a file once, and gives it the name that its content asks for. */
async function examine(path: string, decoder: Decoder): Promise<Kept> {
  const content = contentOf((await readHead(path)) ?? '');
  if (!content)
    fail('data', {
      where: 'upload',
      what: 'is no image and no clip that can be read',
      expected: 'JPEG, PNG, WebP, AVIF, TIFF, GIF, MP4, WebM, MKV, MOV or AVI',
    });
  const named = `${path}${content.extension}`;
  await rename(path, named);
  try {
    const kind = await mediaKind(named);
    const { width, height } = await inTime(checkMedia(named, kind, decoder));
    const { size: bytes } = await stat(named);
    const expires = new Date(Date.now() + KEPT_MS).toISOString();
    const upload: Upload = { upload: randomUUID(), kind, bytes, width, height, expires };
    return { path: named, kind, type: content.type, upload };
  } catch (error) {
    await rm(named, { force: true });
    throw error;
  }
}

/** @throws data  when the work takes too long; it goes on, but nobody waits for it */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), DECODING_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const tooSlow = () =>
  new UniAdapterError('data', {
    where: 'upload',
    what: 'takes too long to decode',
    expected: `${DECODING_MS / 1000} s at most`,
    fix: 'make it shorter or smaller, or encode it with more keyframes',
  });

function refuseFull(): never {
  fail('busy', {
    where: 'upload',
    what: 'there is no room for more files',
    fix: 'try again later: they go after an hour',
  });
}

function refuseUnknown(id: string): never {
  fail('missing', {
    where: `upload ${id.slice(0, 64)}`,
    what: 'is not there, or not any more',
    fix: 'upload the file again; uploads are kept for an hour',
  });
}
