// Search in an index: nearest embeddings first, then a closer look at the best by the matching head.

import { fail } from '../error/index.js';
import type { Reranking } from '../evaluate/index.js';
import type { AdapterChoice, Engine, Match } from '../predict/local/types.js';
import { openIndex } from './index-table.js';
import { type Ranking, rankingOf } from './ranking.js';
import { pathOf } from './scan.js';
import type { Neighbour, RowFilter, VectorStore, VectorTable } from './types.js';

/** What is searched with: a text, a file anywhere, or an image or clip of the library by its id. */
export type LibraryQuery =
  | { readonly text: string }
  | { readonly file: string }
  | { readonly item: string; readonly path: string };

export interface LibrarySearch {
  readonly query: LibraryQuery;
  /** Images and clips, or the captions that came with the library. */
  readonly find: 'media' | 'captions';
  readonly filter: Omit<RowFilter, 'of'>;
  readonly limit: number;
  readonly offset: number;
  /** How many of the nearest are scored again; 0 = none. Default: a few more than are shown, where that helped this model. Only a text and a picture have such a score. */
  readonly rerank?: number | undefined;
  /** Compares with every embedding. */
  readonly exact: boolean;
}

export interface SearchedLibrary {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
}

export interface SearchTools {
  readonly engine: Pick<Engine, 'identity' | 'textFeatures' | 'mediaFeatures' | 'match'>;
  readonly store: VectorStore;
  readonly adapter: AdapterChoice;
  /** By name. */
  readonly backbone: string;
  /** What is not needed any more is not computed. */
  readonly signal: AbortSignal;
}

export interface LibraryHit extends Neighbour {
  /** From 1. */
  readonly rank: number;
  /** By similarity alone. */
  readonly firstRank: number;
  /** Logit of the matching head; null where it did not look. */
  readonly match: number | null;
  /** The same between 0 and 1. */
  readonly probability: number | null;
  readonly frameWeights?: readonly number[];
}

export interface LibraryResult {
  readonly stage: 'first' | 'final';
  readonly hits: readonly LibraryHit[];
  /** Embeddings in the index, before filters. */
  readonly searched: number;
  readonly reranked: number;
  /** Whether they are scored again where nobody says, and why. */
  readonly reranking: Reranking;
  readonly seconds: { readonly embed: number; readonly nearest: number; readonly rerank: number };
}

/**
 * Searches: the first stage as soon as it is there, where a second follows; then the final result. The nearest `rerank`
 * are one block that is put in order by both scores, whatever page is asked for, so that pages fit together.
 *
 * @throws missing  when there is no index under this adapter; data  when the query's file cannot be read
 */
export async function* searchLibrary(
  library: SearchedLibrary,
  search: LibrarySearch,
  tools: SearchTools,
): AsyncGenerator<LibraryResult> {
  const table = await openIndex(tools.store, library.name, await tools.engine.identity(tools.adapter));
  const ranking = await rankingOf(tools.adapter, tools.backbone);
  const clock = stopwatch();
  const vector = await vectorOf(table, library, search.query, tools);
  const embed = clock();
  const of = search.find === 'media' ? 'media' : 'caption';
  const { block, ...asked } = askedOf(search, ranking);
  const found = await table.nearest(vector, { ...asked, filter: { ...search.filter, of }, exact: search.exact });
  const near = found.map((row, i) => hitOf(row, asked.offset + i + 1));
  const page = (hits: readonly LibraryHit[]) => hits.slice(search.offset - asked.offset).slice(0, search.limit);
  const seconds = { embed, nearest: clock(), rerank: 0 };
  const first = {
    hits: page(near),
    searched: await table.count({ of }),
    reranked: 0,
    reranking: ranking.reranking,
    seconds,
  };
  const best = near.slice(0, block);
  if (best.length === 0) return yield { ...first, stage: 'final' };
  yield { ...first, stage: 'first' };
  clock();
  const ranked = rerank(best, await matchesOf(best, library, search.query, tools), ranking);
  const hits = [...ranked, ...near.slice(block)].map((hit, i) => ({ ...hit, rank: i + 1 }));
  yield { ...first, stage: 'final', hits: page(hits), reranked: best.length, seconds: { ...seconds, rerank: clock() } };
}

/** Hits that are looked at closer where nobody says how many. */
const RERANK = 16;

/** Which of the nearest are needed: the page, and with it all of the block that is re-ranked, if the page touches that. */
function askedOf(search: LibrarySearch, { hasMatching, reranking }: Ranking) {
  const { limit, offset, rerank = reranking.isOn ? RERANK : 0 } = search;
  if (!isMatched(search) || !hasMatching || offset >= rerank) return { offset, limit, block: 0 };
  return { offset: 0, limit: Math.max(rerank, offset + limit), block: rerank };
}

/** Whether query and hits are a text and a picture. */
const isMatched = ({ query, find }: LibrarySearch): boolean => 'text' in query === (find === 'media');

function hitOf(row: Neighbour, rank: number): LibraryHit {
  return { ...row, rank, firstRank: rank, match: null, probability: null };
}

/** Of a file of the library the index has it. */
async function vectorOf(table: VectorTable, library: SearchedLibrary, query: LibraryQuery, tools: SearchTools) {
  const { engine, adapter, signal } = tools;
  if ('text' in query) return engine.textFeatures(adapter, [query.text], { signal });
  const [known] = 'item' in query ? await table.vectors([query.item]) : [];
  if (known) return known;
  const file = fileOf(library, query);
  const { features, unreadable } = await engine.mediaFeatures(adapter, [file], { signal });
  const problem = unreadable.get(0);
  return problem === undefined ? features : fail('data', { where: file, what: problem });
}

const fileOf = ({ root }: SearchedLibrary, query: Exclude<LibraryQuery, { readonly text: string }>): string =>
  'file' in query ? query.file : pathOf(root, query.path);

/** Of each hit; null where its file is gone, or broke, since the library was indexed. */
function matchesOf(
  hits: readonly LibraryHit[],
  library: SearchedLibrary,
  query: LibraryQuery,
  { engine, adapter, signal }: SearchTools,
): Promise<readonly (Match | null)[]> {
  const pairs = hits.map((hit) =>
    'text' in query
      ? { text: query.text, file: pathOf(library.root, hit.path) }
      : { text: hit.text, file: fileOf(library, query) },
  );
  return engine.match(adapter, pairs, { signal });
}

/** Hits by both scores; those that the matching head did not look at come last, as they were. */
function rerank(
  hits: readonly LibraryHit[],
  matches: readonly (Match | null)[],
  { similarityWeight }: Ranking,
): readonly LibraryHit[] {
  const score = ({ match, similarity }: LibraryHit) =>
    match === null ? Number.NEGATIVE_INFINITY : match + similarityWeight * similarity;
  const scored = hits.map((hit, i): LibraryHit => {
    const match = matches[i];
    if (!match) return hit;
    const { logit, frameWeights } = match;
    return { ...hit, match: logit, probability: 1 / (1 + Math.exp(-logit)), ...(frameWeights && { frameWeights }) };
  });
  return scored.sort((a, b) => score(b) - score(a) || a.firstRank - b.firstRank);
}

/** @returns seconds since it was asked last */
function stopwatch(): () => number {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - since) / 1000;
    since = now;
    return seconds;
  };
}
