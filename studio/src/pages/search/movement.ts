// Lets hits glide from their old places to their new ones, so that the eye can follow what re-ranking does.

import { useLayoutEffect, useRef } from 'react';

const GLIDE_MS = 420;

/**
 * Animates those children of a list that have moved since the last drawing; children tell who they are by `data-key`.
 *
 * @returns a ref for the list
 */
export function useMovement<T extends HTMLElement>() {
  const list = useRef<T>(null);
  const places = useRef(new Map<string, Place>());
  useLayoutEffect(() => {
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const now = new Map<string, Place>();
    for (const child of (list.current?.children ?? []) as Iterable<HTMLElement>) {
      const { key } = child.dataset;
      if (!key) continue;
      const place = placeOf(child);
      const before = places.current.get(key);
      if (before && !isStill) glide(child, before, place);
      now.set(key, place);
    }
    places.current = now;
  });
  return list;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Where it will rest: unlike its rectangle, this knows neither scrolling nor a glide that is under way. */
function placeOf(child: HTMLElement): Place {
  const list = child.parentElement;
  // the list may have moved as a whole, as when a line above it appears
  return {
    x: child.offsetLeft - (list?.offsetLeft ?? 0),
    y: child.offsetTop - (list?.offsetTop ?? 0),
    width: child.offsetWidth,
  };
}

function glide(child: HTMLElement, from: Place, to: Place): void {
  const [x, y] = [from.x - to.x, from.y - to.y];
  // those that only grew because the window did are left alone
  if ((x === 0 && y === 0) || from.width !== to.width) return;
  child.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], {
    duration: GLIDE_MS,
    easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
  });
}
