// A file from the network that is whole or not there. What came before an interruption stays in a file beside it and is
// continued; a file whose hash is wrong is thrown away.

import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail } from '../../error/index.js';
import { makeFolder, refuse, sha256 } from '../files.js';
import { appendStream } from './append.js';
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
  const partial = `${path}.incomplete`;
  const had = await sizeOf(partial);
  if (had !== file.bytes)
    await fetchRest(partial, had < file.bytes || Number.isNaN(file.bytes) ? had : 0, file, onBytes);
  await check(partial, file);
  await rename(partial, path).catch((error) => refuse(error, path, 0));
}

async function fetchRest(partial: string, start: number, { url, bytes }: RemoteFile, onBytes: OnBytes): Promise<void> {
  const response = await readFrom(url, start);
  const isRest = response.status === 206;
  if (!response.body) fail('file', { where: url, what: 'the server sent nothing' });
  await appendStream(partial, isRest ? start : 0, response.body, onBytes).catch((cause: unknown) =>
    cause instanceof TypeError ? interrupted(url, partial, cause) : refuse(cause, partial, bytes - start),
  );
}

const interrupted = (url: string, partial: string, cause: unknown): never =>
  fail('file', {
    where: url,
    what: 'the connection broke',
    got: `a part, kept in ${partial}`,
    fix: 'run the same command again; it goes on from there',
    cause,
  });

async function check(partial: string, file: RemoteFile): Promise<void> {
  const size = await sizeOf(partial);
  if (size < file.bytes) interrupted(file.url, partial, undefined);
  const hash = file.sha256 ? await sha256(partial) : null;
  if ((Number.isNaN(file.bytes) || size === file.bytes) && hash === file.sha256) return;
  await rm(partial);
  fail('file', {
    where: file.url,
    what: 'what came is not what was announced, and was thrown away',
    got: hash ? `sha256 ${hash}` : `${size} bytes`,
    expected: hash ? `${file.sha256}` : `${file.bytes}`,
    fix: 'run the same command again; if it happens twice, the server’s copy is damaged',
  });
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
