// The embeddings of files and captions, computed behind the back of those who wait for answers.

import { setTimeout } from 'node:timers/promises';
import { chunksOf } from '../data/items/index.js';
import { UniAdapterError } from '../error/index.js';
import type { AdapterChoice, Engine } from '../predict/local/types.js';
import { type IndexEvent, progressOf } from './events.js';
import { type Plan, unreadableRow, type WantedRow } from './plan.js';
import { pathOf } from './scan.js';
import type { KnownRow, VectorRow } from './types.js';
import type { Writer } from './writer.js';

export interface Embedding {
  readonly engine: Pick<Engine, 'mediaFeatures' | 'textFeatures'>;
  readonly adapter: AdapterChoice;
  /** P */
  readonly width: number;
  /** The library's folder. */
  readonly root: string;
  readonly writer: Writer;
  readonly signal: AbortSignal;
}

/** Pictures embedded between two words about progress, and about as many as a clip is. */
const [PICTURES, CLIP_PICTURES] = [16, 8];
const CAPTIONS = 64;
/** Until the engine is asked again that had too much to do. */
const BUSY_MS = 1000;

/**
 * Embeds files, one of each content.
 *
 * @returns media that turned out to be unreadable; rows that say so are written
 */
export async function* embedFiles(
  groups: Plan['files'],
  embedding: Embedding,
): AsyncGenerator<IndexEvent, readonly WantedRow[]> {
  const { engine, adapter, root, writer, signal, width } = embedding;
  const all = groups.flat().length;
  const progress = progressOf(
    'files',
    groups.map(picturesOf).reduce((a, b) => a + b, 0),
  );
  const broken: WantedRow[] = [];
  let [done, pictures] = [0, 0];
  for (const some of batchesOf(groups)) {
    const files = some.map(([row]) => pathOf(root, (row as WantedRow).path));
    const work = { signal, priority: 'background' } as const;
    const encoded = await unlessAborted(signal, () => engine.mediaFeatures(adapter, files, work));
    if (!encoded) return broken;
    for (const [i, rows] of some.entries()) {
      const problem = encoded.unreadable.get(i);
      if (problem === undefined) {
        await writer.add(withVector(rows, vectorAt(encoded.features, i, width)));
      } else {
        broken.push(...rows);
        await writer.add(
          withVector(
            rows.map((row) => unreadableRow(row, problem)),
            new Float32Array(width),
          ),
        );
        yield* rows.map(({ path }) => ({ type: 'unreadable', path, problem }) as const);
      }
      [done, pictures] = [done + rows.length, pictures + picturesOf(rows)];
    }
    yield progress(pictures, [done, all]);
  }
  return broken;
}

/** Embeds captions, each text once. */
export async function* embedCaptions(groups: Plan['captions'], embedding: Embedding): AsyncGenerator<IndexEvent> {
  const { engine, adapter, writer, signal, width } = embedding;
  const progress = progressOf('captions', groups.length);
  let done = 0;
  for (const some of chunksOf(groups, CAPTIONS)) {
    const texts = some.map(([row]) => (row as WantedRow).text);
    const work = { signal, priority: 'background' } as const;
    const features = await unlessAborted(signal, () => engine.textFeatures(adapter, texts, work));
    if (!features) return;
    for (const [i, rows] of some.entries()) await writer.add(withVector(rows, vectorAt(features, i, width)));
    done += some.length;
    yield progress(done);
  }
}

/** An index waits until there is room, however many users are served before. @returns null when it was given up */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof UniAdapterError && error.code === 'busy';
      if (isBusy) await setTimeout(BUSY_MS, null, { signal }).catch(() => null);
      else if (!signal.aborted) throw error;
    }
  }
  return null;
}

const vectorAt = (features: Float32Array, i: number, width: number): Float32Array =>
  features.slice(i * width, (i + 1) * width);

const withVector = (rows: readonly WantedRow[], vector: Float32Array): VectorRow[] =>
  rows.map(({ change: _, ...row }) => ({ ...row, vector }));

function* batchesOf(groups: Plan['files']): Generator<Plan['files']> {
  let [batch, pictures]: [(readonly WantedRow[])[], number] = [[], 0];
  for (const group of groups) {
    if (batch.length > 0 && pictures + picturesOf(group) > PICTURES) {
      yield batch;
      [batch, pictures] = [[], 0];
    }
    batch.push(group);
    pictures += picturesOf(group);
  }
  if (batch.length > 0) yield batch;
}

/** What embedding a file costs, in pictures. */
const picturesOf = ([row]: readonly KnownRow[]): number => (row?.kind === 'video' ? CLIP_PICTURES : 1);
