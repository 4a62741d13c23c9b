// Moving through hits by the arrow keys: left and right to the next one, up and down to the next row,
// and above the first row to the field.

import type { KeyboardEvent } from 'react';

const HIT = '[data-hit]';
const FIELD = '[data-search]';

/** Puts the focus on hit number `index` of the page. @returns whether there is one */
export function focusHit(index: number): boolean {
  const hit = [...document.querySelectorAll<HTMLElement>(HIT)][index];
  hit?.focus();
  return hit !== undefined;
}

/** For `onKeyDown` of a list of hits. */
export function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const hits = [...event.currentTarget.querySelectorAll<HTMLElement>(HIT)];
  const at = hits.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const next = target(event.key, hits, at);
  if (next === undefined) return;
  event.preventDefault();
  const field = event.key === 'ArrowUp' ? document.querySelector<HTMLElement>(FIELD) : null;
  (next ?? field)?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** @returns undefined for other keys, null where there is nothing on that side */
function target(key: string, hits: readonly HTMLElement[], at: number): HTMLElement | null | undefined {
  const columns = columnsOf(hits);
  switch (key) {
    case 'ArrowRight':
      return hits[at + 1] ?? null;
    case 'ArrowLeft':
      return hits[at - 1] ?? null;
    case 'ArrowDown':
      return hits[at + columns] ?? null;
    case 'ArrowUp':
      return hits[at - columns] ?? null;
    case 'Home':
      return hits[0];
    case 'End':
      return hits.at(-1);
    default:
      return undefined;
  }
}

/** How many stand beside each other in the first row. */
function columnsOf(hits: readonly HTMLElement[]): number {
  const top = hits[0]?.getBoundingClientRect().top;
  const next = hits.findIndex((hit) => hit.getBoundingClientRect().top !== top);
  return next < 0 ? hits.length : next;
}
