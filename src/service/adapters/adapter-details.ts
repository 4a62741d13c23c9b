// What is told of an adapter: its card, and how far training moved each part of the model.

import { lstat, readdir } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { ifThere, sha256 } from '../../files/files.js';
import { type ADAPTER_FILES, byteCount, float32Of, type NamedArray, type NamedArrays } from '../../format/index.js';
import { loadFresh, trainedFrames } from '../../predict/programs/load.js';
import type { Adapter, AdapterDetails } from '../../server/index.js';
import { inspect } from '../../verbs/inspect.js';
import { type Adapter as OpenedAdapter, openAdapter } from '../../weights/store/adapter-folder.js';
import type { Shelved } from './adapter-shelf.js';

/** Media types of what can be fetched. */
export const FILE_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'adapter.safetensors': 'application/octet-stream',
    'adapter.json': 'application/json',
    'answers.json': 'application/json',
    'README.md': 'text/markdown; charset=utf-8',
  } satisfies Record<keyof typeof ADAPTER_FILES, string>),
);

export function cardOf(
  { info, recipe, arrays }: OpenedAdapter,
  about: Pick<Adapter, 'name' | 'origin' | 'isLoaded'>,
): Adapter {
  return {
    ...about,
    task: info.task,
    method: info.method.name,
    bottleneck: info.sizes.bottleneck,
    parameters: info.parameters,
    bytes: bytesOf(arrays),
    frames: trainedFrames(recipe),
    scores: info.scores,
    created: info.created,
    seed: info.seed,
    data: basename(recipe.data.path),
    canDelete: about.origin === 'uploaded' || about.origin === 'trained',
  };
}

/** @param backbone  the server's, by the name it is opened with */
export async function adapterDetails(
  { name, folder, origin }: Shelved,
  { backbone, isLoaded }: { readonly backbone: string; readonly isLoaded: boolean },
): Promise<AdapterDetails> {
  const adapter = await openAdapter(folder);
  const { info, recipe, arrays } = adapter;
  const { groups } = await inspect(folder);
  const start = await loadFresh({ ...recipe, backbone }, trainedFrames(recipe));
  const changes = changesByTensor(arrays, start.model.weights);
  return {
    ...cardOf(adapter, { name, origin, isLoaded }),
    sha256: await sha256(join(folder, 'adapter.safetensors')),
    backbone: info.backbone,
    modules: groups.map(({ module, role, tensors, parameters }) => ({
      ...{ module, role, tensors, parameters },
      change: changeOf(module, changes),
    })),
    recipe: withoutFolders(info.recipe) as AdapterDetails['recipe'],
    files: await filesOf(folder),
  };
}

interface Change {
  readonly squares: number;
  readonly numbers: number;
}

/** How far each tensor is from where training started. */
function changesByTensor(arrays: NamedArrays, start: Readonly<Record<string, Float32Array>>) {
  const changes = new Map<string, Change>();
  for (const [path, array] of arrays) {
    const from = start[path];
    if (from) changes.set(path, changeBetween(array, from));
  }
  return changes;
}

function changeBetween(array: NamedArray, from: Float32Array): Change {
  const to = float32Of(array);
  let squares = 0;
  for (let i = 0; i < to.length; i++) squares += ((to[i] as number) - (from[i] as number)) ** 2;
  return { squares, numbers: to.length };
}

/** RMS over the tensors of a module; null where nothing is known of them. */
function changeOf(module: string, changes: ReadonlyMap<string, Change>): number | null {
  const own = [...changes].filter(([path]) => path === module || path.startsWith(`${module}.`));
  const numbers = own.reduce((sum, [, change]) => sum + change.numbers, 0);
  if (numbers === 0) return null;
  return Math.sqrt(own.reduce((sum, [, change]) => sum + change.squares, 0) / numbers);
}

async function filesOf(folder: string): Promise<AdapterDetails['files']> {
  const names = (await readdir(folder)).filter((name) => FILE_TYPES.has(name)).sort();
  const files = await Promise.all(
    names.map(async (name) => ({ name, info: await ifThere(join(folder, name), (path) => lstat(path)) })),
  );
  return files.flatMap(({ name, info }) => (info?.isFile() ? [{ name, bytes: info.size }] : [])); // links are not sent
}

/** Of absolute paths only the last part is told: folders of this machine are nobody else's business. */
export function withoutFolders(value: unknown): unknown {
  if (typeof value === 'string') return isAbsolute(value) ? basename(value) : value;
  if (Array.isArray(value)) return value.map(withoutFolders);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutFolders(inner)]));
}

const bytesOf = (arrays: NamedArrays): number => [...arrays.values()].reduce((sum, array) => sum + byteCount(array), 0);
