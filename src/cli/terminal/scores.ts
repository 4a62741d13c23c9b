// Scores as a table: what was measured, and how much was gained.

import {
  BASELINES,
  type Baseline,
  figureName,
  figuresOf,
  isRank,
  mediumOf,
  type RetrievalScores,
  remarksOf,
  type Scores,
  type Standing,
} from '../../evaluate/index.js';
import type { Style } from './style.js';
import { table } from './table.js';

type Named<S> = Readonly<Record<string, S>>;

const COLUMNS = ['R@1', 'R@5', 'R@10', 'medianRank', 'meanRank'] as const;
const HEADER = ['R@1', 'R@5', 'R@10', 'median rank', 'mean rank'];

/** What scores without looking, as the head of a column. */
const BASELINE_HEADS: Readonly<Record<Baseline, string>> = {
  chance: 'chance',
  majority: 'majority',
  firstWords: 'by first words',
  question: 'by question',
  single: 'one answer',
  caption: 'one caption',
};

/**
 * Scores with what they are to be read against: the gain from the first to the last, the last one's 95 % interval, what is
 * scored without looking, and n.
 *
 * @param scores by what they are called, such as before and after, of one task
 */
export function scoreTable(scores: Named<Scores>, style: Style): string {
  const [first] = Object.values(scores);
  return first?.task === 'retrieval'
    ? retrievalTable(scores as Named<RetrievalScores>, style)
    : figureTable(scores, style);
}

function retrievalTable(scores: Named<RetrievalScores>, style: Style): string {
  const names = Object.keys(scores);
  const last = Object.values(scores).at(-1) as RetrievalScores;
  const rows = (['textToMedia', 'mediaToText'] as const).flatMap((way) => {
    const all = names.map((name) => COLUMNS.map((key) => scores[name]?.[way][key] ?? 0));
    const own = all.map((values, i) => [names[i] as string, ...values.map(cell)]);
    const gains = COLUMNS.map((key, i) => gain(all[0]?.[i], all.at(-1)?.[i], style, isRank(key)));
    const standing = COLUMNS.map((key) => last.standing?.[`${way} ${key}`]);
    const lines = [
      ...own,
      ...(names.length > 1 ? [['gain', ...gains]] : []),
      ...(standing[0] ? againstOf(standing as readonly Standing[], style) : []),
    ];
    const titles = [figureName(way, mediumOf(last)), ...(standing[0] ? [style.dim(`n ${standing[0].n}`)] : [])];
    return lines.map((line, i) => [titles[i] ?? '', ...line]);
  });
  return table([['', '', ...HEADER], ...rows], ['left', 'left', 'right'], style);
}

/** Rows of what the last scores are to be read against. */
function againstOf(standing: readonly Standing[], style: Style): string[][] {
  const dim = (cells: readonly string[]) => cells.map(style.dim);
  return [
    dim(['95 %', ...standing.map(({ interval }) => rangeCell(interval))]),
    dim(['chance', ...standing.map(({ baselines }) => cell(baselines.chance as number))]),
  ];
}

/** One row a figure: accuracies by type, or the measures of captions. */
function figureTable(scores: Named<Scores>, style: Style): string {
  const names = Object.keys(scores);
  const all = names.map((name) => new Map(figuresOf(scores[name] as Scores)));
  const figures = [...new Set(all.flatMap((own) => [...own.keys()]))];
  const { standing } = Object.values(scores).at(-1) as Scores;
  const blind = BASELINES.filter((name) => Object.values(standing ?? {}).some(({ baselines }) => name in baselines));
  const rows = figures.map((figure) => {
    const values = all.map((own) => own.get(figure));
    const isKnown = values[0] !== undefined && values.at(-1) !== undefined;
    const gained = names.length > 1 ? [isKnown ? gain(values[0], values.at(-1), style) : ''] : [];
    const own = standing?.[figure];
    const against = own
      ? [rangeCell(own.interval), ...blind.map((name) => optional(own.baselines[name])), `${own.n}`]
      : [];
    return [figure, ...values.map(optional), ...gained, ...against.map(style.dim)];
  });
  const heads = standing ? ['95 %', ...blind.map((name) => BASELINE_HEADS[name]), 'n'] : [];
  const header = ['', ...names, ...(names.length > 1 ? ['gain'] : []), ...heads];
  return table([header, ...rows], ['left', 'right'], style);
}

/** @param isRank  ranks are better when they are smaller */
function gain(from = 0, to = 0, style: Style, isRank = false): string {
  const gained = to - from;
  const isBetter = isRank ? gained < 0 : gained > 0;
  const colour = gained === 0 ? style.dim : isBetter ? style.green : style.red;
  return colour(`${gained > 0 ? '+' : ''}${cell(gained)}`);
}

const cell = (value: number): string => value.toFixed(1).replace('-', '−');
const optional = (value: number | undefined): string => (value === undefined ? '' : cell(value));
const rangeCell = ([low, high]: Standing['interval']): string => `${cell(low)}–${cell(high)}`;

/** What scores say, a line each; empty where they say nothing. */
export const remarkLines = (after: Scores, before: Scores | null, style: Style): readonly string[] =>
  remarksOf(after, before).map(({ tone, text }) =>
    ({ good: style.green, bad: style.red, note: style.yellow })[tone](text),
  );

/** The scores in one line: of the first figure of each kind how sure it is. */
export function scoreLine(scores: Scores): string {
  const one = (value: number | undefined) => (value ?? 0).toFixed(1);
  const sure = (name: string) => {
    const interval = scores.standing?.[name]?.interval;
    return interval ? ` (${rangeCell(interval)})` : '';
  };
  switch (scores.task) {
    case 'retrieval': {
      const recall = (way: 'textToMedia' | 'mediaToText') =>
        (['R@1', 'R@5', 'R@10'] as const)
          .map((key) => one(scores[way][key]) + (key === 'R@1' ? sure(`${way} R@1`) : ''))
          .join(' / ');
      const medium = mediumOf(scores);
      return `R@1/5/10 text → ${medium} ${recall('textToMedia')}, ${medium} → text ${recall('mediaToText')}`;
    }
    case 'answering':
      return `${scores.metric === 'vqa' ? 'VQA accuracy' : 'exact match'} ${one(scores.accuracy)} %${sure('accuracy')}`;
    case 'captioning':
      return `CIDEr ${one(scores.CIDEr)}${sure('CIDEr')}, BLEU-4 ${one(scores.BLEU[3])}`;
  }
}
