// A bar of exactly so many columns, with half steps.

import type { Style } from './style.js';

/** @param fraction 0…1, how much of it is done */
export function bar(fraction: number, columns: number, style: Style): string {
  const halves = Math.round(Math.min(1, Math.max(0, fraction || 0)) * columns * 2);
  const full = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 ? '╸' : '');
  return style.cyan(full) + style.dim('─'.repeat(columns - full.length));
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** A bar for each value, 0…1 of the height. */
const levels = (heights: readonly number[]): string =>
  heights
    .map((height) => LEVELS[Math.min(LEVELS.length - 1, Math.max(0, Math.round(height * (LEVELS.length - 1))))])
    .join('');

/** Weights of a clip's frames as a row of bars; half the height is the average. */
export const frameBars = (weights: readonly number[]): string => levels(weights.map((weight) => weight / 2));

/** Counts as a row of bars, the largest of full height; of nothing there is no bar. */
export function heightBars(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? ' ' : levels([count / most]))).join('');
}
