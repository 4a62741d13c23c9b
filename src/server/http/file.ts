// Files as answers: whole, in part, or not at all when the client has them already.

import type { StoredFile } from '../schema/service.js';
import { refuse } from './problem.js';

export interface FileHeaders {
  readonly 'cache-control': string;
  readonly [name: string]: string;
}

/**
 * A file by the rules of RFC 9110: 200, 206 of one range, 304, the head alone.
 *
 * @throws 416 where a range begins behind the end
 */
export function fileResponse(request: Request, file: StoredFile, more: FileHeaders): Response {
  const etag = `"${file.etag}"`;
  const headers = { etag, 'last-modified': file.modified.toUTCString(), 'accept-ranges': 'bytes', ...more };
  if (isKnown(request, etag, file.modified)) {
    leave(file);
    return new Response(null, { status: 304, headers });
  }
  const range = rangeOf(request, file, etag);
  const [first, last] = range ?? [0, file.bytes - 1];
  if (request.method === 'HEAD') leave(file);
  const body = request.method === 'HEAD' ? null : file.read(range);
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-type': file.type,
      'content-length': `${last - first + 1}`,
      ...(range && { 'content-range': `bytes ${first}-${last}/${file.bytes}` }),
    },
  });
}

/** What is not read is not kept open. */
const leave = (file: StoredFile): void => void file.close?.();

function isKnown({ headers }: Request, etag: string, modified: Date): boolean {
  const tags = headers.get('if-none-match');
  if (tags !== null)
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(headers.get('if-modified-since') ?? '');
  return Math.floor(modified.getTime() / 1000) * 1000 <= since; // false where there is no such time
}

/** The one range that is asked for; undefined where the whole file is to be sent. */
function rangeOf({ headers }: Request, file: StoredFile, etag: string): [number, number] | undefined {
  const { bytes, modified } = file;
  const only = headers.get('if-range');
  if (only !== null && only !== etag && only !== modified.toUTCString()) return undefined;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined; // no range at all: RFC 9110, 14.1.2
  if (first >= bytes) {
    leave(file);
    refuse(
      { status: 416, code: 'data', headers: { 'content-range': `bytes */${bytes}` } },
      { where: 'the header range', what: 'begins behind the end', got: `${first}`, expected: `less than ${bytes}` },
    );
  }
  return [first, last];
}
