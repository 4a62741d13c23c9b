// What a server serves, from the folders that it is given: libraries, datasets, adapters. Without any, the samples.

import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, UniAdapterError } from '../../error/index.js';
import { refuse } from '../../files/files.js';
import { nameFor } from '../files/names.js';
import { describeDataset } from './datasets.js';
import type { Place } from './libraries.js';

/** What came with the package, from src/service/libraries as from dist/service/libraries. */
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
  /** Address of a store of vectors that others may use too; null is the server's own. */
  readonly store: string | null;
}

export interface Places {
  readonly libraries: readonly Place[];
  readonly datasets: readonly Place[];
  readonly adapters: { readonly shipped: readonly string[]; readonly folders: readonly string[] };
}

/** @throws file  when a folder is not there; data  when one that is to be trained on is no dataset */
export async function placesOf({ libraries, data, adapters, backbone, store }: Given): Promise<Places> {
  const folders = await Promise.all(adapters.map(folderAt));
  const shipped = backbone === SAMPLE_BACKBONE ? [join(SAMPLES, 'adapters')] : [];
  const isSample = libraries.length === 0;
  const taken = new Set<string>();
  const searched = await named(isSample ? [SAMPLE_LIBRARY] : libraries, { isSample, taken, known: [], store });
  const given = await named(data, { isSample: false, taken, known: searched, store });
  for (const dataset of given) await describeDataset(dataset); // or says what is wrong with it
  const own = isSample
    ? []
    : await trainable(searched.filter(({ folder }) => !given.some((one) => one.folder === folder)));
  const samples =
    isSample && data.length === 0 ? await named(SAMPLE_DATASETS, { isSample, taken, known: [], store }) : [];
  return { libraries: searched, datasets: [...given, ...own, ...samples], adapters: { shipped, folders } };
}

interface Naming extends Pick<Given, 'store'> {
  readonly isSample: boolean;
  readonly taken: Set<string>;
  /** Places whose folders have a name already. */
  readonly known: readonly Place[];
}

async function named(paths: readonly string[], { isSample, taken, known, store }: Naming): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const path of paths) {
    const folder = await folderAt(path);
    const same = [...known, ...places].find((place) => place.folder === folder);
    places.push(same ?? placeAt(folder, { isSample, taken, store }));
  }
  return [...new Set(places)];
}

function placeAt(folder: string, { isSample, taken, store }: Omit<Naming, 'known'>): Place {
  const name = nameFor(folder, taken);
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  // in a store of their own, folders of one name do not meet; in a named one, what `uniadapter index` made is found
  return { name, folder, indexName: store === null ? `${name}-${hash}` : name, isSample };
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
