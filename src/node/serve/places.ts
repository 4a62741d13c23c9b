// What a server serves, from the folders that it is given: libraries, datasets, adapters. Without any, the samples.

import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, UniAdapterError } from '../../error/index.js';
import { refuse } from '../files.js';
import { describeDataset } from './datasets.js';
import type { Place } from './libraries.js';
import { nameFor } from './names.js';

/** What came with the package, from src/node/serve as from dist/node/serve. */
const SAMPLES = fileURLToPath(new URL('../../../samples/', import.meta.url));
const SAMPLE_LIBRARY = join(SAMPLES, 'scenes');
const SAMPLE_DATASETS = ['pictures', 'clips'].map((name) => join(SAMPLE_LIBRARY, name));
/** The one that sample adapters were trained for. */
const SAMPLE_BACKBONE = 'tiny';

export interface Given {
  /** Folders to search. */
  readonly libraries: readonly string[];
  /** Folders to train on. */
  readonly data: readonly string[];
  readonly adapters: readonly string[];
  readonly backbone: string;
}

export interface Places {
  readonly libraries: readonly Place[];
  readonly datasets: readonly Place[];
  readonly adapters: { readonly shipped: readonly string[]; readonly folders: readonly string[] };
}

/** @throws file  when a folder is not there; data  when one that is to be trained on is no dataset */
export async function placesOf({ libraries, data, adapters, backbone }: Given): Promise<Places> {
  const folders = await Promise.all(adapters.map(folderAt));
  const shipped = backbone === SAMPLE_BACKBONE ? [join(SAMPLES, 'adapters')] : [];
  const isSample = libraries.length === 0;
  const taken = new Set<string>();
  const searched = await named(isSample ? [SAMPLE_LIBRARY] : libraries, { isSample, taken, known: [] });
  const given = await named(data, { isSample: false, taken, known: searched });
  for (const dataset of given) await describeDataset(dataset); // or says what is wrong with it
  const own = isSample
    ? []
    : await trainable(searched.filter(({ folder }) => !given.some((one) => one.folder === folder)));
  const samples = isSample && data.length === 0 ? await named(SAMPLE_DATASETS, { isSample, taken, known: [] }) : [];
  return { libraries: searched, datasets: [...given, ...own, ...samples], adapters: { shipped, folders } };
}

interface Naming {
  readonly isSample: boolean;
  readonly taken: Set<string>;
  /** Places whose folders have a name already. */
  readonly known: readonly Place[];
}

async function named(paths: readonly string[], { isSample, taken, known }: Naming): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const path of paths) {
    const folder = await folderAt(path);
    const same = [...known, ...places].find((place) => place.folder === folder);
    places.push(same ?? { name: nameFor(folder, taken), folder, isSample });
  }
  return [...new Set(places)];
}

/** Libraries that came with captions or questions. */
async function trainable(places: readonly Place[]): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (const place of places)
    try {
      await describeDataset(place);
      found.push(place);
    } catch (error) {
      if (!(error instanceof UniAdapterError)) throw error; // without texts it can still be searched
    }
  return found;
}

/** Absolute, without symbolic links. */
async function folderAt(path: string): Promise<string> {
  const folder = await realpath(path).catch((error) => refuse(error, path, 0));
  if ((await stat(folder)).isDirectory()) return folder;
  return fail('file', { where: path, what: 'is a file, expected a folder' });
}
