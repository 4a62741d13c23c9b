// Hugging Face's HTTP interface, as far as fetching needs it: which files a revision has, and their content in parts.
// https://huggingface.co/docs/hub/api, huggingface_hub/file_download.py

import { z } from 'zod';
import { fail } from '../../error/index.js';
import { readDescription } from '../../format/index.js';
import type { Repo } from './cache.js';
import { hubToken } from './token.js';

/** What a file is before it is fetched. */
export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
  /** Its name in the cache: SHA-256 of large files, another hash of small ones. */
  readonly etag: string;
  /** Of the content, where the server says. */
  readonly sha256: string | null;
}

/** $HF_ENDPOINT without a slash at its end. */
export const hubEndpoint = (): string => (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');

const revisionSchema = z.looseObject({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(z.looseObject({ rfilename: z.string() })),
});

/** The commit that a revision is now, and its files. @throws file  when it cannot be reached or must not be read */
export async function readRevision({ id, revision }: Repo): Promise<{ commit: string; files: readonly string[] }> {
  const url = `${hubEndpoint()}/api/models/${id}/revision/${encodeURIComponent(revision)}`;
  const response = await request(url, {});
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { sha, siblings } = readDescription(revisionSchema, bytes, url);
  return { commit: sha, files: siblings.map(({ rfilename }) => rfilename) };
}

/** Asks about a file of a commit. */
export async function askAbout({ id }: Repo, commit: string, name: string): Promise<RemoteFile> {
  const url = `${hubEndpoint()}/${id}/resolve/${commit}/${name}`;
  // Large files are elsewhere; their hash is in the answer that sends there, so redirections are not followed.
  const response = await request(url, { method: 'HEAD', redirect: 'manual' });
  const etag = (response.headers.get('x-linked-etag') ?? response.headers.get('etag') ?? '').replace(/^W\/|"/g, '');
  if (!/^[\w.-]+$/.test(etag)) return fail('format', { where: url, what: 'the server names no hash of the file' });
  return {
    ...{ url, etag, bytes: Number(response.headers.get('x-linked-size') ?? response.headers.get('content-length')) },
    sha256: /^[0-9a-f]{64}$/.test(etag) ? etag : null,
  };
}

/** Asks about a file that is anywhere; its size is NaN where the server does not say. */
export async function askAddress(url: string): Promise<RemoteFile> {
  const response = await request(url, { method: 'HEAD' });
  return { url, etag: '', sha256: null, bytes: Number(response.headers.get('content-length') ?? Number.NaN) };
}

/** The content of an address from a byte on. @throws file */
export const readFrom = (url: string, start: number): Promise<Response> =>
  request(url, start > 0 ? { headers: { range: `bytes=${start}-` } } : {});

/** With the user's token, which `fetch` drops when a redirection leads to another host. */
async function request(url: string, init: RequestInit): Promise<Response> {
  const token = url.startsWith(`${hubEndpoint()}/`) ? await hubToken() : null;
  const headers = { ...init.headers, ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { ...init, headers }).catch((cause: Error) => unreachable(url, cause));
  return response.ok || (init.redirect === 'manual' && response.status < 400) ? response : refuse(url, response.status);
}

const unreachable = (url: string, cause: Error): never =>
  fail('file', {
    where: url,
    what: 'cannot be reached',
    got: cause.cause instanceof Error ? cause.cause.message : cause.message,
    fix: 'check the network, or set HF_ENDPOINT to a mirror; what was fetched so far is kept',
    cause,
  });

function refuse(url: string, status: number): never {
  const isForbidden = status === 401 || status === 403;
  return fail('file', {
    where: url,
    what: isForbidden ? 'authentication required' : status === 404 ? 'is not there' : 'the server refused',
    got: `HTTP ${status}`,
    fix: isForbidden ? 'set HF_TOKEN to a token that may read it' : 'check the name and the revision',
  });
}
