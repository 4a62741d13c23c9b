// A bar of exactly so many columns, with half steps.

import type { Style } from './style.js';

/** @param fraction 0…1, how much of it is done */
export function bar(fraction: number, columns: number, style: Style): string {
  const halves = Math.round(Math.min(1, Math.max(0, fraction || 0)) * columns * 2);
  const full = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 ? '╸' : '');
  return style.cyan(full) + style.dim('─'.repeat(columns - full.length));
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** Weights of a clip's frames as a row of bars; half the height is the average. */
export function frameBars(weights: readonly number[]): string {
  return weights
    .map((weight) => LEVELS[Math.min(LEVELS.length - 1, Math.max(0, Math.round((weight / 2) * (LEVELS.length - 1))))])
    .join('');
}
