// What the name of a backbone means: one that ships, a folder, a checkpoint of others, or a repository in the cache.

import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../../error/index.js';
import { found, namesIn } from '../../files/files.js';
import { findConverted } from '../checkpoint/convert.js';
import { type CheckpointFiles, findCheckpoint } from '../checkpoint/files.js';
import { cachedSnapshot, parseRepo, refuseAbsent } from '../hub/cache.js';
import { downloadedFile, isUrl } from '../hub/url.js';

export type Located =
  /** A backbone folder of docs/formats.md. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** Weights that others wrote, to be used where they are. */
  | { readonly kind: 'checkpoint'; readonly files: CheckpointFiles; readonly name: string };

/** Where the package's own backbones are, from src/weights/store as from dist/weights/store. */
const SHIPPED = fileURLToPath(new URL('../../../models', import.meta.url));

/**
 * Finds a backbone without opening it.
 *
 * @param name  `tiny`, a folder, a file, `owner/name` or an address
 * @throws file  when there is none, or when it has to be pulled first
 */
export async function locate(name: string): Promise<Located> {
  const shipped = await namesIn(SHIPPED);
  if (shipped.includes(name)) return { kind: 'folder', folder: join(SHIPPED, name) };
  if (isUrl(name)) return inPlace(downloadedFile(name), name);
  const folder = resolve(name);
  const present = (await found(folder))?.isDirectory() ? await namesIn(folder) : null;
  if (present?.includes('backbone.json')) return { kind: 'folder', folder };
  const repo = present || (await exists(folder)) ? null : parseRepo(name);
  if (repo) return inPlace((await cachedSnapshot(repo)) ?? refuseAbsent('backbone', name), name);
  const files = await findCheckpoint(folder);
  if (files) return usable(files, basename(folder), name);
  return fail('file', {
    where: basename(name) === name ? `backbone ${name}` : folder,
    what: present
      ? 'the folder holds no backbone.json and no checkpoint'
      : (await exists(folder))
        ? 'the file is no checkpoint'
        : 'there is no such backbone',
    expected: `${shipped.join(', ') || 'a shipped name'}, a folder with backbone.safetensors, backbone.json, tokenizer.json, a checkpoint of BLIP, or a repository such as Salesforce/blip-itm-base-coco`,
    fix: 'name another one in `backbone`',
  });
}

async function inPlace(path: string, name: string): Promise<Located> {
  const files = await findCheckpoint(path);
  return files ? usable(files, name, name) : refuseAbsent('backbone', name);
}

/** @param shown  what people see @param pull  what they have to pull */
async function usable(files: CheckpointFiles, shown: string, pull: string): Promise<Located> {
  if (files.kind === 'safetensors') return { kind: 'checkpoint', files, name: shown };
  const folder = await findConverted(files);
  if (folder) return { kind: 'folder', folder };
  return fail('file', {
    where: `backbone ${pull}`,
    what: 'PyTorch files cannot be mapped, so they are converted once',
    fix: `run: uniadapter pull ${pull}`,
  });
}

const exists = async (path: string): Promise<boolean> => (await found(path)) !== null;
