// What is searched for, as the address of the page tells it: so that a search can be shared and gone back to.

import type { MediaRef, SearchRequest } from '../../../../src/server/schema/index.js';
import { address, go } from '../../app/place.js';
import { refOf, refText } from '../../parts/media.js';

/** Hits of a page. */
export const PAGE = 24;

export interface SearchPlace {
  readonly text: string;
  /** Searched by this picture or clip instead of a text. */
  readonly like: MediaRef | null;
  readonly find: 'media' | 'captions';
  /** Null: the first of the server. */
  readonly library: string | null;
  /** Null: the best that the library is indexed with. */
  readonly adapter: string | null;
  /** A second adapter to compare with. */
  readonly other: string | null;
  readonly folder: string | null;
  readonly kind: 'image' | 'video' | null;
  /** Days, `2026-11-28`, both inclusive. */
  readonly from: string | null;
  readonly until: string | null;
  /** From 1. */
  readonly page: number;
  /** Which ranks are shown: by similarity alone, or after re-ranking. */
  readonly stage: 'first' | 'final';
}

export function searchPlace(query: URLSearchParams): SearchPlace {
  const oneOf = <const T extends string>(key: string, options: readonly T[]) =>
    options.find((option) => option === query.get(key));
  const day = (key: string) => query.get(key)?.match(/^\d{4}-\d\d-\d\d$/)?.[0] ?? null;
  return {
    text: query.get('q') ?? '',
    like: refOf(query.get('like') ?? ''),
    find: oneOf('find', ['captions', 'media']) ?? 'media',
    library: query.get('in'),
    adapter: query.get('with'),
    other: query.get('and'),
    folder: query.get('folder'),
    kind: oneOf('kind', ['image', 'video']) ?? null,
    from: day('from'),
    until: day('until'),
    page: Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1),
    stage: oneOf('stage', ['first', 'final']) ?? 'final',
  };
}

export function searchAddress(place: SearchPlace): string {
  return address('/search', {
    q: place.text,
    like: place.like ? refText(place.like) : undefined,
    find: place.find === 'captions' ? 'captions' : undefined,
    in: place.library ?? undefined,
    with: place.adapter ?? undefined,
    and: place.other ?? undefined,
    folder: place.folder ?? undefined,
    kind: place.kind ?? undefined,
    from: place.from ?? undefined,
    until: place.until ?? undefined,
    page: place.page > 1 ? `${place.page}` : undefined,
    stage: place.stage === 'first' ? 'first' : undefined,
  });
}

export type Change = Partial<SearchPlace>;

/** Changes what is searched for; a change of anything but the page begins at the first page. */
export function search(place: SearchPlace, change: Change, how: 'push' | 'replace' = 'push'): void {
  go(searchAddress({ ...place, page: 1, ...change }), how);
}

/** Whether anything is searched for at all. */
export const hasQuery = ({ text, like }: SearchPlace): boolean => like !== null || text.trim() !== '';

/** How many filters are set. */
export const filtersSet = ({ folder, kind, from, until }: SearchPlace): number =>
  [folder, kind, from, until].filter((filter) => filter !== null).length;

export const NO_FILTERS = { folder: null, kind: null, from: null, until: null } as const;

/** @returns null while nothing is searched for */
export function requestOf(place: SearchPlace, library: string, adapter: string): SearchRequest | null {
  if (!hasQuery(place)) return null;
  const { folder, kind, from, until } = place;
  return {
    library,
    adapter,
    query: place.like ? { media: place.like } : { text: place.text.trim() },
    find: place.like ? place.find : 'media',
    filter: {
      ...(folder && { folder }),
      ...(kind && { kind }),
      ...(from && { from: startOf(from, 0) }),
      ...(until && { until: startOf(until, 1) }),
    },
    limit: PAGE,
    offset: (place.page - 1) * PAGE,
    exact: false,
  };
}

/** Midnight, in the reader's own time, so many days after the one that is named. */
function startOf(day: string, after: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + after).toISOString();
}
