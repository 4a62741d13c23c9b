// Retrieval scores as a table: both ways, and how much was gained.

import type { Scores } from '../run/types.js';
import type { Style } from './style.js';
import { table } from './table.js';

const COLUMNS = ['R@1', 'R@5', 'R@10', 'medianRank'] as const;
const HEADER = ['R@1', 'R@5', 'R@10', 'median rank'];
const WAYS = [
  ['textToMedia', 'text → image'],
  ['mediaToText', 'image → text'],
] as const;

/**
 * @param scores by what they are called, such as before and after; the gain from the first to the last is shown
 */
export function scoreTable(scores: Readonly<Record<string, Scores>>, style: Style): string {
  const names = Object.keys(scores);
  const rows = WAYS.flatMap(([way, title]) => [
    ...names.map((name, i) => [i ? '' : title, name, ...COLUMNS.map((key) => cell(scores[name]?.[way][key]))]),
    ...(names.length > 1 ? [['', 'gain', ...gains(scores, way, style)]] : []),
  ]);
  return table([['', '', ...HEADER], ...rows], ['left', 'left', 'right'], style);
}

function gains(scores: Readonly<Record<string, Scores>>, way: 'textToMedia' | 'mediaToText', style: Style): string[] {
  const all = Object.values(scores);
  return COLUMNS.map((key) => {
    const gain = (all.at(-1)?.[way][key] ?? 0) - (all[0]?.[way][key] ?? 0);
    const isBetter = key === 'medianRank' ? gain < 0 : gain > 0; // ranks are better when they are smaller
    const colour = gain === 0 ? style.dim : isBetter ? style.green : style.red;
    return colour(`${gain > 0 ? '+' : ''}${cell(gain)}`);
  });
}

const cell = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(1).replace('-', '−'));
