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
  const places = useRef(new Map<string, DOMRect>());
  useLayoutEffect(() => {
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const now = new Map<string, DOMRect>();
    for (const child of list.current?.children ?? []) {
      const key = child instanceof HTMLElement ? child.dataset.key : undefined;
      if (!key) continue;
      const place = placeIn(child, list.current as HTMLElement);
      const before = places.current.get(key);
      if (before && !isStill) glide(child, before, place);
      now.set(key, place);
    }
    places.current = now;
  });
  return list;
}

/** Within the list, since the page may have been scrolled meanwhile. */
function placeIn(child: Element, list: HTMLElement): DOMRect {
  const [inner, outer] = [child.getBoundingClientRect(), list.getBoundingClientRect()];
  return new DOMRect(inner.x - outer.x, inner.y - outer.y, inner.width, inner.height);
}

function glide(child: Element, from: DOMRect, to: DOMRect): void {
  const [x, y] = [from.x - to.x, from.y - to.y];
  // those that only grew because the window did are left alone
  if ((x === 0 && y === 0) || from.width !== to.width) return;
  child.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], {
    duration: GLIDE_MS,
    easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
  });
}
