// A file from the network that is whole or not there. What came before an interruption stays in a file beside it and is
// continued; a file whose hash is wrong is thrown away. Processes that fetch the same file at once do not disturb each
// other: each fetches for itself, and the last one's, which is the same, stays.

import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail } from '../../error/index.js';
import { found, makeFolder, refuse, sha256 } from '../../files/files.js';
import { appendStream } from './append.js';
import { claimPart, freePart } from './claim.js';
import { type RemoteFile, readFrom } from './client.js';

/** Bytes that are there. */
export type OnBytes = (done: number) => void;

/**
 * Fetches a file, unless it is there.
 *
 * @param file  `bytes` NaN and `sha256` null where the server does not say
 * @throws file  when the connection breaks, what came so far is kept; or when the content is not what was announced
 */
export async function download(path: string, file: RemoteFile, onBytes: OnBytes): Promise<void> {
  if (await sizeOf(path)) return onBytes(file.bytes);
  await makeFolder(dirname(path));
  await using claimed = await claimPart(path).catch((error) => refuse(error, path, file.bytes));
  if (await sizeOf(path)) return onBytes(file.bytes); // another process has been faster
  const part = claimed.path;
  const place = { path, part };
  const had = await sizeOf(part);
  if (had !== file.bytes) await fetchRest(place, had < file.bytes || Number.isNaN(file.bytes) ? had : 0, file, onBytes);
  await check(place, file);
  await rename(part, path).catch((error) => refuse(error, path, 0));
}

/** Where a file will be, and where it is while it is fetched. */
interface Place {
  readonly path: string;
  readonly part: string;
}

async function fetchRest(place: Place, start: number, { url, bytes }: RemoteFile, onBytes: OnBytes): Promise<void> {
  const response = await readFrom(url, start);
  const isRest = response.status === 206;
  if (!response.body) fail('file', { where: url, what: 'the server sent nothing' });
  await appendStream(place.part, isRest ? start : 0, response.body, onBytes).catch((cause: unknown) =>
    cause instanceof TypeError ? interrupted(url, place, cause) : refuse(cause, place.part, bytes - start),
  );
}

const interrupted = (url: string, { path }: Place, cause: unknown): never =>
  fail('file', {
    where: url,
    what: 'the connection broke',
    got: `a part, kept in ${freePart(path)}`,
    fix: 'run the same command again; it goes on from there',
    cause,
  });

async function check(place: Place, file: RemoteFile): Promise<void> {
  const size = await sizeOf(place.part);
  if (size < file.bytes) interrupted(file.url, place, undefined);
  const hash = file.sha256 ? await sha256(place.part) : null;
  if ((Number.isNaN(file.bytes) || size === file.bytes) && hash === file.sha256) return;
  await rm(place.part);
  fail('file', {
    where: file.url,
    what: 'what came is not what was announced, and was thrown away',
    got: hash ? `sha256 ${hash}` : `${size} bytes`,
    expected: hash ? `${file.sha256}` : `${file.bytes}`,
    fix: 'run the same command again; if it happens twice, the server’s copy is damaged',
  });
}

const sizeOf = async (path: string): Promise<number> => (await found(path))?.size ?? 0;
