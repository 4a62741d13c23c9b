// An adapter folder → a repository on a hub, with a card that has the repository's name in it.

import { basename, isAbsolute } from 'node:path';
import { createRepo, HubApiError, uploadFiles } from '@huggingface/hub';
import { fail } from '../error/index.js';
import { readSome } from '../files/files.js';
import { adapterCard, unpackAdapter } from '../format/index.js';
import { parseRepo } from './hub/cache.js';
import { hubEndpoint } from './hub/client.js';
import { hubToken } from './hub/token.js';

export interface PushOptions {
  /** Of a repository that is created. */
  readonly isPrivate: boolean;
}

export interface Pushed {
  /** `owner/name` */
  readonly repo: string;
  /** For people. */
  readonly url: string;
  readonly commit: string;
}

/** What is in an adapter folder; anything else that lies there stays there. */
const FILES = ['adapter.safetensors', 'adapter.json'] as const;

/**
 * Puts an adapter into a repository as one commit; the repository is created if it is not there.
 *
 * @param folder  an adapter folder
 * @param repo  `owner/name`
 * @throws file  when there is no token, the hub refuses or cannot be reached; format when the folder is no adapter
 */
export async function push(folder: string, repo: string, { isPrivate }: PushOptions): Promise<Pushed> {
  if (parseRepo(repo)?.id !== repo)
    fail('recipe', { where: repo, what: 'is no name of a repository', expected: 'owner/name' });
  const files = await filesOf(folder, repo);
  const accessToken = await tokenFor(repo);
  const hub = { repo, accessToken, hubUrl: hubEndpoint() };
  const refused = (error: unknown) => refuse(error, repo, accessToken);
  await createRepo({ ...hub, ...(isPrivate && { visibility: 'private' as const }) }).catch((error: unknown) =>
    error instanceof HubApiError && error.statusCode === 409 ? null : refused(error),
  );
  const contents = [...files].map(([path, bytes]) => ({ path, content: new Blob([bytes as Uint8Array<ArrayBuffer>]) }));
  const output = await uploadFiles({ ...hub, files: contents, commitTitle: 'Upload adapter' }).catch(refused);
  return { repo, url: `${hubEndpoint()}/${repo}`, commit: output?.commit.oid ?? '' };
}

/** A card that the user changed stays as it is; otherwise it gets the repository's name. */
async function filesOf(folder: string, repo: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map(await readSome(folder, FILES, ['answers.json', 'README.md']));
  const { info } = unpackAdapter(files, folder);
  const size = files.get('adapter.safetensors')?.length ?? 0;
  const own = files.get('README.md');
  const isOurs = !own || text(own) === adapterCard(info, size);
  files.set('adapter.json', withoutFolders(files.get('adapter.json') as Uint8Array));
  if (isOurs) files.set('README.md', bytes(adapterCard(unpackAdapter(files, folder).info, size, repo)));
  return files;
}

/** Of the data's absolute paths only the last part is told: folders of this machine say nothing elsewhere, but something about its owner. */
function withoutFolders(json: Uint8Array): Uint8Array {
  const info = JSON.parse(text(json)) as { readonly recipe: { readonly data: object } };
  const data = Object.entries(info.recipe.data).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' && isAbsolute(value) ? basename(value) : value,
  ]);
  return bytes(`${JSON.stringify({ ...info, recipe: { ...info.recipe, data: Object.fromEntries(data) } }, null, 2)}\n`);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function tokenFor(repo: string): Promise<string> {
  const token = await hubToken();
  if (token?.startsWith('hf_')) return token;
  return fail('file', {
    where: repo,
    what: token ? 'the token is none of Hugging Face’s' : 'pushing needs a token',
    expected: 'one that begins with hf_, in HF_TOKEN or kept by hf auth login',
    fix: `make one that may write at ${hubEndpoint()}/settings/tokens`,
  });
}

/** What the hub's client throws, in our words; whatever the server says, the token is not repeated. */
function refuse(error: unknown, repo: string, token: string): never {
  const where = `${hubEndpoint()}/${repo}`;
  const said = (text: string) => text.replaceAll(token, '…');
  if (error instanceof HubApiError) {
    const isForbidden = error.statusCode === 401 || error.statusCode === 403;
    return fail('file', {
      where,
      what: isForbidden ? 'the token may not write there' : 'the hub refused',
      got: `HTTP ${error.statusCode}, ${said(error.message)}`,
      fix: isForbidden ? 'set HF_TOKEN to a token that may write there' : 'check the name, then try again',
    });
  }
  if (!(error instanceof TypeError)) throw error;
  const reason = error.cause instanceof Error ? error.cause.message : error.message;
  return fail('file', {
    where,
    what: 'cannot be reached, or the connection broke',
    got: said(reason),
    fix: 'run the same command again; nothing is in the repository until all of it is',
  });
}
