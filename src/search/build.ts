// From a folder of images and clips to an index that can be searched: what changed since the last time is embedded. Rows
// are written as they come, each with the hash of its file, so an index that was interrupted goes on where it stopped.

import type { AdapterChoice, Engine } from '../predict/local/types.js';
import { copyRows } from './copies.js';
import { embedCaptions, embedFiles } from './embed.js';
import type { IndexEvent } from './events.js';
import { hashFiles } from './hash.js';
import { claimIndex, claimName, finishIndex, type IndexOwner, knownOf } from './index-table.js';
import { type Changes, captionId, type HashedFile, type Plan, planOf, type WantedRow } from './plan.js';
import { type Scan, scanLibrary } from './scan.js';
import type { KnownRow, VectorRow, VectorStore, VectorTable } from './types.js';
import { createWriter } from './writer.js';

export interface LibraryPlace {
  /** Fit for file names and addresses. */
  readonly name: string;
  readonly folder: string;
}

export interface IndexOptions {
  readonly engine: Pick<Engine, 'identity' | 'mediaFeatures' | 'textFeatures'>;
  readonly store: VectorStore;
  /** An adapter folder; null is the backbone alone. */
  readonly adapter: AdapterChoice;
  /** What the adapter is called, in lists. Default: its folder, or `none`. */
  readonly adapterName?: string | undefined;
  /** When aborted, what was computed is written, and `interrupted` is the last event. */
  readonly signal: AbortSignal;
  /** Tries files again that could not be read, though they did not change. Default false. */
  readonly retry?: boolean;
}

/**
 * Brings the index of a library up to date.
 *
 * @throws file or data  when the library cannot be read; recipe or format  when the name is another library's
 * @example
 * for await (const event of indexLibrary({ name: 'photos', folder: 'photos' }, { engine, store, adapter: null, signal }))
 *   if (event.type === 'progress') console.log(event.done, event.all);
 */
export async function* indexLibrary(library: LibraryPlace, options: IndexOptions): AsyncGenerator<IndexEvent> {
  const { store, signal } = options;
  const start = performance.now();
  const scan = await scanLibrary(library.folder);
  const owner = await ownerOf(library, scan, options);
  await using _ = await store.claim(claimName(owner));
  const table = await claimIndex(store, owner);
  const compared = yield* compare(scan, await table.known(), options);
  if (!compared) return yield { type: 'interrupted' };
  const changes = yield* carryOut(compared, table, owner, options);
  if (signal.aborted) return yield { type: 'interrupted' };
  await table.optimise();
  await finishIndex(store, owner, new Date());
  const captions = await table.count({ of: 'caption' });
  yield { type: 'done', ...changes, captions, seconds: (performance.now() - start) / 1000 };
}

/** What {@link indexLibrary} would do, as its event `plan`; nothing is written or embedded. */
export async function* checkLibrary(library: LibraryPlace, options: IndexOptions): AsyncGenerator<IndexEvent> {
  const scan = await scanLibrary(library.folder);
  const known = await knownOf(options.store, await ownerOf(library, scan, options));
  if (!(yield* compare(scan, known, options))) yield { type: 'interrupted' };
}

async function ownerOf(library: LibraryPlace, { root }: Scan, options: IndexOptions): Promise<IndexOwner> {
  const { engine, adapter, adapterName = adapter ?? 'none' } = options;
  return { library: library.name, root, adapter: adapterName, identity: await engine.identity(adapter) };
}

interface Compared {
  readonly files: readonly HashedFile[];
  readonly plan: Plan;
}

/** @returns null when it was interrupted */
async function* compare(
  scan: Scan,
  known: readonly KnownRow[],
  { signal, retry = false }: IndexOptions,
): AsyncGenerator<IndexEvent, Compared | null> {
  const files = yield* hashFiles(scan, known, signal);
  if (signal.aborted) return null;
  for (const { path, problem } of files) if (problem !== null) yield { type: 'unreadable', path, problem };
  const plan = planOf(known.filter(isOpen(scan)), files, retry);
  const captions = files.reduce((sum, file) => sum + file.captions.length, 0);
  yield { type: 'plan', files: files.length, captions, changes: plan.changes, problems: scan.problems };
  return { files, plan };
}

/** Whether a row is not below what could not be opened this time: what is there nobody knows, so it stays. */
const isOpen =
  ({ closed }: Scan) =>
  ({ path }: KnownRow): boolean =>
    !closed.some((place) => path === place || path.startsWith(`${place}/`));

/** @returns what changed in the end, as some files may have turned out to be unreadable */
async function* carryOut(
  { files, plan }: Compared,
  table: VectorTable,
  { root, identity: { width } }: IndexOwner,
  { engine, adapter, signal }: IndexOptions,
): AsyncGenerator<IndexEvent, Changes> {
  const writer = createWriter(table);
  const embedding = { engine, adapter, width, root, writer, signal };
  await copyRows(table, plan.copies);
  await writer.add(
    plan.unreadable.map(({ change: _, ...row }): VectorRow => ({ ...row, vector: new Float32Array(width) })),
  );
  await table.remove(plan.remove);
  let broken: readonly WantedRow[] = [];
  try {
    broken = yield* embedFiles(plan.files, embedding);
    const without = new Set(broken.map(({ item }) => item));
    const captions = plan.captions.map((rows) => rows.filter(({ item }) => !without.has(item)));
    yield* embedCaptions(
      captions.filter((rows) => rows.length > 0),
      embedding,
    );
  } finally {
    await writer.flush();
    await table.remove(rowsOfBroken(files, broken));
  }
  return withoutBroken(plan.changes, broken);
}

/** What a file that is unreadable now may have had in the index. */
function rowsOfBroken(files: readonly HashedFile[], broken: readonly WantedRow[]): string[] {
  const items = new Set(broken.map(({ item }) => item));
  const those = files.filter(({ id }) => items.has(id));
  return those.flatMap(({ id, captions }) => [id, ...captions.map((caption) => captionId(id, caption))]);
}

function withoutBroken(changes: Changes, broken: readonly WantedRow[]): Changes {
  const counted = (change: WantedRow['change']) => broken.filter((row) => row.change === change).length;
  const { added, changed, unreadable } = changes;
  return {
    ...changes,
    ...{
      added: added - counted('added'),
      changed: changed - counted('changed'),
      unreadable: unreadable + broken.length,
    },
  };
}
