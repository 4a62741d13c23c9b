// Fetching a backbone or an adapter once, for every program after that: from a repository, an address, or a file to be
// converted.

import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fail } from '../error/index.js';
import { found, makeFolder, readBytes, writeAtomically } from '../files/files.js';
import { ADAPTER_FILES } from '../format/index.js';
import { openCheckpoint } from './checkpoint/checkpoint.js';
import { convert, findConverted } from './checkpoint/convert.js';
import { findCheckpoint, shardNames, WEIGHTS } from './checkpoint/files.js';
import { cachedSnapshot, parseRepo, type Repo, repoFolder } from './hub/cache.js';
import { askAbout, askAddress, type RemoteFile, readRevision } from './hub/client.js';
import { download } from './hub/download.js';
import { downloadedFile, isUrl } from './hub/url.js';
import { openAdapter } from './store/adapter-folder.js';
import { locate } from './store/locate.js';

interface PulledPath {
  /** What to write after `backbone:` or where an adapter folder is asked for. */
  readonly name: string;
  /** The folder or file that is used. */
  readonly path: string;
  /** Whether the network could not be reached and what was there is used. */
  readonly offline: boolean;
}

export interface PulledBackbone extends PulledPath {
  readonly kind: 'backbone';
}

export interface PulledAdapter extends PulledPath {
  readonly kind: 'adapter';
  /** What it adapts, and whether that is on this machine. */
  readonly backbone: { readonly name: string; readonly isPresent: boolean };
}

export type Pulled = PulledBackbone | PulledAdapter;

/** Bytes of a file that are there, and of all of it; or of what is converted. */
export type PullProgress = (what: string, done: number, all: number) => void;

/** What lies beside the weights; what a repository does not have is done without. */
const SIDES =
  /^(config|preprocessor_config|processor_config|tokenizer|tokenizer_config|special_tokens_map)\.json$|^vocab\.txt$/;

/** What an adapter's repository is known by. */
const ADAPTER = 'adapter.json';

/**
 * Makes a backbone or an adapter usable by its name: fetches what is missing, checks it, and converts PyTorch files.
 *
 * @param source  `owner/name`, `owner/name@revision`, an address, or a path
 * @throws file, format or parameter  when it cannot be fetched, or is neither a BLIP nor an adapter
 */
export async function pull(source: string, onProgress: PullProgress): Promise<Pulled> {
  const repo = (await isThere(source)) ? null : parseRepo(source);
  const { path, offline } = isUrl(source)
    ? await pullUrl(source, onProgress)
    : repo
      ? await pullRepo(repo, onProgress)
      : { path: source, offline: false };
  if (await isThere(join(path, ADAPTER))) return { name: source, path, offline, ...(await adapterAt(path)) };
  return { kind: 'backbone', name: source, path: await prepared(path, source, onProgress), offline };
}

/** A complete adapter, and whether its backbone is on this machine. */
async function adapterAt(path: string): Promise<Pick<PulledAdapter, 'kind' | 'backbone'>> {
  const { recipe } = await openAdapter(path);
  const isPresent = await locate(recipe.backbone).then(
    () => true,
    () => false,
  );
  return { kind: 'adapter', backbone: { name: recipe.backbone, isPresent } };
}

/** What is at a path, converted if it has to be, and checked to be a BLIP. */
async function prepared(path: string, name: string, onProgress: PullProgress): Promise<string> {
  const files = await findCheckpoint(path);
  const converted = files?.kind === 'torch' ? await findConverted(files) : null;
  if (converted) return converted;
  const checkpoint = await openCheckpoint(path, name);
  if (checkpoint.files.kind === 'safetensors') return path;
  return convert(checkpoint, (done, all) => onProgress('converting', done, all));
}

async function pullUrl(url: string, onProgress: PullProgress) {
  const path = downloadedFile(url);
  if (await isThere(path)) return { path, offline: false };
  const file = await askAddress(url);
  await download(path, file, (done) => onProgress(url, done, file.bytes));
  return { path, offline: false };
}

async function pullRepo(repo: Repo, onProgress: PullProgress) {
  const before = await cachedSnapshot(repo);
  const isCommit = /^[0-9a-f]{40}$/.test(repo.revision);
  if (before && isCommit && (await isComplete(before))) return { path: before, offline: false };
  const revision = await readRevision(repo).catch((error: unknown) => {
    if (before && String(error).includes('cannot be reached')) return null;
    throw error;
  });
  if (!revision) return { path: before as string, offline: true };
  const { commit, files } = revision;
  const folder = join(repoFolder(repo), 'snapshots', commit);
  const fetch = (name: string) => fetchInto(folder, { repo, commit, name, onProgress });
  if (files.includes(ADAPTER))
    for (const name of Object.keys(ADAPTER_FILES).filter((name) => files.includes(name))) await fetch(name);
  else {
    for (const name of files.filter((name) => SIDES.test(name))) await fetch(name);
    await fetchWeights(repo, files, folder, fetch);
  }
  await makeFolder(dirname(join(repoFolder(repo), 'refs', repo.revision)));
  await writeAtomically(join(repoFolder(repo), 'refs', repo.revision), commit);
  return { path: folder, offline: false };
}

const isComplete = async (folder: string): Promise<boolean> =>
  (await isThere(join(folder, 'adapter.safetensors'))) || (await findCheckpoint(folder)) !== null;

/** The best layout that the repository has, with all shards. */
async function fetchWeights(
  repo: Repo,
  files: readonly string[],
  folder: string,
  fetch: (name: string) => Promise<void>,
): Promise<void> {
  const weights =
    WEIGHTS.find((name) => files.includes(name)) ??
    fail('format', { where: repo.id, what: 'the repository holds no weights', expected: WEIGHTS.join(', or ') });
  await fetch(weights);
  if (!weights.endsWith('.index.json')) return;
  const index = join(folder, weights);
  for (const name of shardNames(await readBytes(index), index)) await fetch(name);
}

interface Wanted {
  readonly repo: Repo;
  readonly commit: string;
  readonly name: string;
  readonly onProgress: PullProgress;
}

/** Content under `blobs`, and a link to it under its name, as Hugging Face's libraries do. */
async function fetchInto(folder: string, { repo, commit, name, onProgress }: Wanted): Promise<void> {
  const link = join(folder, name);
  if (await isThere(link)) return;
  const file: RemoteFile = await askAbout(repo, commit, name);
  const blob = join(repoFolder(repo), 'blobs', file.etag);
  await download(blob, file, (done) => onProgress(name, done, file.bytes));
  await mkdir(folder, { recursive: true });
  await symlink(relative(folder, blob), link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another process has linked the same
  });
}

const isThere = async (path: string): Promise<boolean> => (await found(path)) !== null;
