// The cache that Hugging Face's own libraries share, in their layout: content under blobs, names under snapshots.
// https://huggingface.co/docs/huggingface_hub/guides/manage-cache

import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../../error/index.js';
import { found, readText } from '../../files/files.js';

export interface Repo {
  /** `owner/name` */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

/** `owner/name` or `owner/name@revision`; null for anything else. */
export function parseRepo(text: string): Repo | null {
  const [, id, revision = 'main'] = /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/.exec(text) ?? [];
  const isPath = !id || id.startsWith('.') || id.includes('..') || revision.includes('..');
  return isPath ? null : { id, revision };
}

/** $HF_HOME, or ~/.cache/huggingface. */
export function hubHome(): string {
  const { HF_HOME, XDG_CACHE_HOME } = process.env;
  return HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
}

/** $HF_HUB_CACHE, or `hub` in {@link hubHome}. */
export const hubCache = (): string => process.env.HF_HUB_CACHE || join(hubHome(), 'hub');

export const repoFolder = ({ id }: Repo): string => join(hubCache(), `models--${id.replaceAll('/', '--')}`);

/** The folder of a revision's files, as it was when it was pulled last; null when it never was. */
export async function cachedSnapshot(repo: Repo): Promise<string | null> {
  const { revision } = repo;
  const file = join(repoFolder(repo), 'refs', revision);
  const ref = (await found(file))?.isFile() ? await readText(file) : revision;
  const folder = join(repoFolder(repo), 'snapshots', ref.trim());
  return (await isFolder(folder)) ? folder : null;
}

/** @throws file  with the command that fetches it */
export const refuseAbsent = (kind: 'backbone' | 'adapter', name: string): never =>
  fail('file', {
    where: `${kind} ${name}`,
    what: 'is not in the cache',
    got: `nothing of it in ${hubCache()}`,
    fix: `run: uniadapter pull ${name}`,
  });

const isFolder = async (path: string): Promise<boolean> => (await found(path))?.isDirectory() ?? false;
