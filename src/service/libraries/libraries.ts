// The libraries of a server: folders of images and clips, what is in them, and which indexes they have.

import { posix } from 'node:path';
import type { MediaKind } from '../../data/items/index.js';
import { fail, UniAdapterError } from '../../error/index.js';
import { type LibraryFile, pathOf, type Scan, scanLibrary } from '../../search/scan.js';
import type { Items, ItemsQuery, Library, LibraryItem } from '../../server/index.js';
import { refuseUnread, systemCode } from '../files/gone.js';
import { memoised } from '../files/memoised.js';

/** A folder that is offered under a name. */
export interface Place {
  readonly name: string;
  readonly folder: string;
  /** What its indexes are called in the store of vectors, which folders of the same name may share. */
  readonly indexName: string;
  /** Whether it came with the package. */
  readonly isSample: boolean;
}

export interface Libraries {
  /** Those that can be searched. */
  readonly places: readonly Place[];
  /** @throws missing */
  place(name: string): Place;
  scan(name: string): Promise<Scan>;
  /** The captions that came with an item, of one that is gone none. */
  captionsOf(name: string): Promise<(id: string) => readonly string[]>;
  /** Looks through a library again when somebody asks next. */
  forget(name: string): void;
  list(indexesOf: (place: Place, scan: Scan) => Promise<Library['indexes']>): Promise<readonly Library[]>;
  items(name: string, query: ItemsQuery): Promise<Items>;
  item(name: string, id: string): Promise<LibraryItem>;
  /** Where an item is. */
  file(name: string, id: string): Promise<{ readonly root: string; readonly path: string; readonly kind: MediaKind }>;
}

interface Known {
  readonly scan: Scan;
  readonly byId: ReadonlyMap<string, LibraryFile>;
}

/** @param shown  folders that are not searched, but whose files are shown: those of datasets */
export function openLibraries(places: readonly Place[], shown: readonly Place[]): Libraries {
  const all = new Map([...shown, ...places].map((place) => [place.name, place]));
  const place = (name: string) => all.get(name) ?? refuseUnknown(name, places);
  const looks = memoised(async (name): Promise<Known> => {
    const scan = await scanLibrary(place(name).folder).catch((error) => refuseGone(error, name));
    return { scan, byId: new Map(scan.files.map((file) => [file.id, file])) };
  });
  const find = async (name: string, id: string) => {
    const { scan, byId } = await looks.get(name);
    const file = byId.get(id);
    if (file) return { scan, file };
    return fail('missing', { where: `library ${name}`, what: 'has no such item', got: id.slice(0, 64) });
  };

  return {
    places,
    place,
    scan: async (name) => (await looks.get(name)).scan,
    async captionsOf(name) {
      const { byId } = await looks.get(name);
      return (id) => byId.get(id)?.captions ?? [];
    },
    forget: looks.forget,
    list: (indexesOf) =>
      Promise.all(
        places.map(async (place) => {
          const scan = await looks.get(place.name).then((known) => known.scan, emptyScan);
          return libraryOf(place, scan, await indexesOf(place, scan));
        }),
      ),
    async items(name, query) {
      const { scan } = await looks.get(name);
      const files = scan.files.filter((file) => isWanted(file, query));
      const page = files.slice(query.offset, query.offset + query.limit);
      return { items: page.map((file) => itemOf(name, file)), all: files.length };
    },
    item: async (name, id) => itemOf(name, (await find(name, id)).file),
    async file(name, id) {
      const { scan, file } = await find(name, id);
      return { root: scan.root, path: pathOf(scan.root, file.path), kind: file.kind };
    },
  };
}

/** One library that cannot be read keeps nobody from the others. */
function emptyScan(error: unknown): Scan {
  if (!(error instanceof UniAdapterError)) throw error;
  return { root: '', files: [], folders: [''], closed: [], problems: [error.message] };
}

export const itemOf = (library: string, { id, path, kind, bytes, modified, captions }: LibraryFile): LibraryItem => ({
  ...{ id, library, path, kind, bytes, captions: [...captions] },
  modified: new Date(modified).toISOString(),
});

function libraryOf({ name, isSample }: Place, { files, folders }: Scan, indexes: Library['indexes']): Library {
  const videos = files.filter(({ kind }) => kind === 'video').length;
  const captions = files.reduce((sum, file) => sum + file.captions.length, 0);
  const images = files.length - videos;
  return { name, items: files.length, images, videos, captions, folders: [...folders], isSample, indexes };
}

/** A folder means its subfolders too. */
function isWanted({ path, kind }: LibraryFile, query: ItemsQuery): boolean {
  const folder = query.folder ? `${posix.normalize(query.folder).replace(/\/+$/, '')}/` : '';
  return path.startsWith(folder) && (query.kind ?? kind) === kind;
}

/** @throws missing  when the folder of a library is gone; data  when it cannot be read */
function refuseGone(error: unknown, name: string): never {
  if (systemCode(error) === null) throw error;
  return refuseUnread(error, { where: `library ${name}`, fix: 'bring its folder back' });
}

function refuseUnknown(name: string, places: readonly Place[]): never {
  fail('missing', {
    where: `library ${name}`,
    what: 'there is no such library',
    expected: places.map((place) => place.name).join(', ') || 'none is served',
  });
}
