// Files and small pictures of images and clips, whether of a library or uploaded.

import { bytesSchema } from '../http/body.js';
import { type FileHeaders, fileResponse } from '../http/file.js';
import type { MediaRef } from '../schema/index.js';
import type { PictureOptions, StoredFile } from '../schema/service.js';
import type { Answer, Asked } from './route.js';

/** Of a file. */
export const FILE_ANSWERS: readonly Answer[] = [
  { status: 200, about: 'The whole file.', type: '*/*', schema: bytesSchema },
  { status: 206, about: 'The bytes of the header `Range`.', type: '*/*', schema: bytesSchema },
  { status: 304, about: 'Unchanged since the `ETag` of the header `If-None-Match`.' },
];

export const PICTURE_ANSWERS: readonly Answer[] = [
  { status: 200, about: 'The picture.', type: 'image/webp', schema: bytesSchema },
  { status: 304, about: 'Unchanged since the `ETag` of the header `If-None-Match`.' },
];

type Asking<Q> = Pick<Asked<unknown, Q, unknown>, 'service' | 'request' | 'query'>;

/** @param cache  the header `cache-control` */
export async function mediaResponse(
  { service, request }: Asking<unknown>,
  ref: MediaRef,
  cache: string,
): Promise<Response> {
  return fileResponse(request, await service.media(ref), headersOf(cache));
}

export async function pictureResponse(
  { service, request, query }: Asking<PictureOptions>,
  ref: MediaRef,
  cache: string,
): Promise<Response> {
  const bytes = await service.picture(ref, query);
  return fileResponse(request, await pictureFile(bytes), headersOf(cache));
}

/** What people put into a library is never run as a page of the server. */
const headersOf = (cache: string): FileHeaders => ({
  'cache-control': cache,
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; sandbox",
});

async function pictureFile(bytes: Uint8Array<ArrayBuffer>): Promise<StoredFile> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return {
    type: 'image/webp',
    bytes: bytes.byteLength,
    modified: new Date(),
    etag: Array.from(digest.subarray(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    read: ([first, last] = [0, bytes.byteLength - 1]) => new Blob([bytes.subarray(first, last + 1)]).stream(),
  };
}
