// Where the reader is: the address of the page, which can be shared and goes back and forth.

import { useMemo, useSyncExternalStore } from 'react';

export interface Place {
  /** Parts of the path: `/adapters/red-cars` → ['adapters', 'red-cars']. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const MOVED = 'studio:moved';

/**
 * Goes to another place without loading the page anew.
 *
 * @param to  path and query, such as `/search?q=dog`
 * @param how  `replace` leaves no step to go back to; default `push`
 */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === location.pathname + location.search) return;
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', to);
  window.dispatchEvent(new Event(MOVED));
  if (how === 'push') window.scrollTo({ top: 0 });
}

/** The current place; the component is rendered again when it changes. */
export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return useMemo(() => placeOf(address), [address]);
}

/** An address with a query of those values that are neither undefined nor empty. */
export function address(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const params = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : [])));
  return params.size ? `${path}?${params}` : path;
}

function placeOf(address: string): Place {
  const url = new URL(address, 'http://studio');
  return { path: url.pathname.split('/').filter(Boolean).map(decodeURIComponent), query: url.searchParams };
}

function subscribe(onChange: () => void): () => void {
  for (const event of ['popstate', MOVED]) window.addEventListener(event, onChange);
  return () => {
    for (const event of ['popstate', MOVED]) window.removeEventListener(event, onChange);
  };
}
