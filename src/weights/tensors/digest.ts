// The SHA-256 of large files, remembered: hashing 900 MB takes a second, opening them does not. A file is known again by
// its place and size and by when it was changed, as git knows the files of a checkout.

import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { makeFolder, readText, refuse, sha256, writeAtomically } from '../../files/files.js';

/** Below this, hashing takes no longer than looking up. */
const SMALL_BYTES = 2 ** 25;

/** `check` is of all the rest, since a digest that is damaged would look like that of another file. */
const digestSchema = z.strictObject({ state: z.string(), sha256: z.string(), check: z.string() });
/** By the path of the file. */
const digestsSchema = z.record(z.string(), digestSchema);

/** With other things that can be made anew, where the XDG base directories say. */
const store = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'uniadapter', 'digests.json');

/**
 * SHA-256 in hex of a file.
 *
 * @param smallBytes  size below which nothing is remembered
 * @throws file  when it cannot be read
 */
export async function digestOf(path: string, smallBytes = SMALL_BYTES): Promise<string> {
  const info = await stat(path, { bigint: true }).catch((error) => refuse(error, path, 0));
  if (info.size < smallBytes) return sha256(path);
  const { dev, ino, size, mtimeNs, ctimeNs } = info;
  const state = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  const file = resolve(path);
  const known = (await readDigests())[file];
  if (known?.state === state && known.check === (await checkOf(file, known))) return known.sha256;
  const digest = { state, sha256: await sha256(path) };
  await remember(file, { ...digest, check: await checkOf(file, digest) }).catch(() => null); // where nothing can be written, it is hashed each time
  return digest.sha256;
}

/**
 * SHA-256 in hex of a checkpoint: of its file, or of the list of its files' hashes. A file in Hugging Face's cache is named
 * by its hash, which was checked when it came.
 */
export async function digestOfAll(paths: readonly string[]): Promise<string> {
  const digests: string[] = [];
  for (const path of paths) {
    const file = await realpath(path).catch((error) => refuse(error, path, 0));
    const isNamed = basename(dirname(file)) === 'blobs' && /^[0-9a-f]{64}$/.test(basename(file));
    digests.push(isNamed ? basename(file) : await digestOf(file));
  }
  return digests.length === 1 ? (digests[0] as string) : sha256(new TextEncoder().encode(digests.join('\n')));
}

const checkOf = (file: string, { state, sha256: digest }: { state: string; sha256: string }): Promise<string> =>
  sha256(new TextEncoder().encode([file, state, digest].join('\n')));

async function readDigests(): Promise<z.infer<typeof digestsSchema>> {
  try {
    return digestsSchema.parse(JSON.parse(await readText(store())));
  } catch {
    return {}; // none yet, or damaged
  }
}

async function remember(file: string, digest: z.infer<typeof digestSchema>): Promise<void> {
  await makeFolder(dirname(store()));
  const digests = { ...(await readDigests()), [file]: digest };
  await writeAtomically(store(), `${JSON.stringify(digests, null, 2)}\n`);
}
