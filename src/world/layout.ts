// Where things are: nine cells with gaps between them, so that a place word or a relation is never a matter of taste.
import type { Stream } from '../random/index.js';
import type { Thing } from './thing.js';

export const PLACES = [
  'top left',
  'top',
  'top right',
  'left',
  'center',
  'right',
  'bottom left',
  'bottom',
  'bottom right',
] as const;
export type Place = (typeof PLACES)[number];

export type Relation = 'left' | 'right' | 'above' | 'below';
export const OPPOSITE: Readonly<Record<Relation, Relation>> = {
  left: 'right',
  right: 'left',
  above: 'below',
  below: 'above',
};

/** The three bands of an axis that centres are drawn from; between them nothing is placed. */
const BANDS = [
  [0, 0.34],
  [0.4, 0.6],
  [0.66, 1],
] as const;

/** The word for where a thing's centre is. */
export function placeOf({ x, y }: Pick<Thing, 'x' | 'y'>): Place {
  const column = x < 0.37 ? 0 : x > 0.63 ? 2 : 1;
  const row = y < 0.37 ? 0 : y > 0.63 ? 2 : 1;
  return PLACES[row * 3 + column] as Place;
}

/** How `a` stands to `b`, or null where neither axis dominates clearly. */
export function relationOf(a: Thing, b: Thing): Relation | null {
  const dx = Math.abs(a.x - b.x);
  const dy = Math.abs(a.y - b.y);
  if (dx > 1.6 * dy && dx > 0.2) return a.x < b.x ? 'left' : 'right';
  if (dy > 1.6 * dx && dy > 0.2) return a.y < b.y ? 'above' : 'below';
  return null;
}

/** Whether somebody might say that `a` is on this side of `b`: the loose sense, to be sure where nobody would. */
export function isTowards(relation: Relation, a: Thing, b: Thing): boolean {
  const [dx, dy] = [a.x - b.x, a.y - b.y];
  return { left: -dx, right: dx, above: -dy, below: dy }[relation] > 0.05;
}

/** `a` stands so to `b`, clearly. */
export interface Related {
  readonly a: Thing;
  readonly b: Thing;
  readonly relation: Relation;
}

/** All ordered pairs that stand in a clear relation. */
export function relatedPairs(things: readonly Thing[]): readonly Related[] {
  return things.flatMap((a) =>
    things.flatMap((b) => {
      const relation = relationOf(a, b);
      return relation ? [{ a, b, relation }] : [];
    }),
  );
}

/** Half of the edge of the upright square that holds a tilted thing. */
export function reach({ edge, rotation }: Thing): number {
  return (edge / 2) * (Math.abs(Math.cos(rotation)) + Math.abs(Math.sin(rotation)));
}

/** Whether the things keep clear of each other; tips of their squares may touch. */
export function areApart(things: readonly Thing[]): boolean {
  return things.every((a, i) =>
    things.slice(0, i).every((b) => Math.hypot(a.x - b.x, a.y - b.y) >= (a.edge + b.edge) * 0.52),
  );
}

/**
 * Gives every thing a place inside the picture and clear of the others.
 *
 * @returns the things with x and y, or null when 40 draws found none
 */
export function arrange(things: readonly Thing[], draws: Stream): readonly Thing[] | null {
  for (let attempt = 0; attempt < 40; attempt++) {
    const placed = things.map((thing) => {
      const margin = reach(thing);
      return { ...thing, x: coordinate(draws, margin), y: coordinate(draws, margin) };
    });
    if (areApart(placed)) return placed;
  }
  return null;
}

/** A coordinate from one of the three bands, each as likely, at least `margin` from the rim. */
function coordinate(draws: Stream, margin: number): number {
  const [low, high] = draws.pick(BANDS);
  const from = Math.max(low, margin);
  const to = Math.min(high, 1 - margin);
  return from + (to - from) * draws.uniform();
}
