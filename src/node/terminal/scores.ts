// Scores as a table: what was measured, and how much was gained.

import { figuresOf, type RetrievalScores, type Scores } from '../../evaluate/index.js';
import type { Style } from './style.js';
import { table } from './table.js';

type Named<S> = Readonly<Record<string, S>>;

const COLUMNS = ['R@1', 'R@5', 'R@10', 'medianRank', 'meanRank'] as const;
const HEADER = ['R@1', 'R@5', 'R@10', 'median rank', 'mean rank'];

/** What is found by texts and described by them: `image` or `video`. */
export const mediumOf = ({ frames }: Pick<Scores, 'frames'>): 'image' | 'video' =>
  frames === null ? 'image' : 'video';

/**
 * @param scores by what they are called, such as before and after, of one task; the gain from the first to the last is shown
 */
export function scoreTable(scores: Named<Scores>, style: Style): string {
  const [first] = Object.values(scores);
  return first?.task === 'retrieval'
    ? retrievalTable(scores as Named<RetrievalScores>, style)
    : figureTable(scores, style);
}

function retrievalTable(scores: Named<RetrievalScores>, style: Style): string {
  const names = Object.keys(scores);
  const medium = mediumOf(Object.values(scores)[0] as RetrievalScores);
  const ways = [
    ['textToMedia', `text → ${medium}`],
    ['mediaToText', `${medium} → text`],
  ] as const;
  const rows = ways.flatMap(([way, title]) => {
    const all = names.map((name) => COLUMNS.map((key) => scores[name]?.[way][key] ?? 0));
    const own = all.map((values, i) => [i ? '' : title, names[i] as string, ...values.map(cell)]);
    const gains = COLUMNS.map((key, i) => gain(all[0]?.[i], all.at(-1)?.[i], style, key.endsWith('Rank')));
    return names.length > 1 ? [...own, ['', 'gain', ...gains]] : own;
  });
  return table([['', '', ...HEADER], ...rows], ['left', 'left', 'right'], style);
}

/** One row a figure: accuracies by type, or the measures of captions. */
function figureTable(scores: Named<Scores>, style: Style): string {
  const names = Object.keys(scores);
  const all = names.map((name) => new Map(figuresOf(scores[name] as Scores)));
  const figures = [...new Set(all.flatMap((own) => [...own.keys()]))];
  const rows = figures.map((figure) => {
    const values = all.map((own) => own.get(figure));
    const isKnown = values[0] !== undefined && values.at(-1) !== undefined;
    const gained = names.length > 1 ? [isKnown ? gain(values[0], values.at(-1), style) : ''] : [];
    return [figure, ...values.map((value) => (value === undefined ? '' : cell(value))), ...gained];
  });
  return table([['', ...names, ...(names.length > 1 ? ['gain'] : [])], ...rows], ['left', 'right'], style);
}

/** @param isRank  ranks are better when they are smaller */
function gain(from = 0, to = 0, style: Style, isRank = false): string {
  const gained = to - from;
  const isBetter = isRank ? gained < 0 : gained > 0;
  const colour = gained === 0 ? style.dim : isBetter ? style.green : style.red;
  return colour(`${gained > 0 ? '+' : ''}${cell(gained)}`);
}

const cell = (value: number): string => value.toFixed(1).replace('-', '−');

/** The scores in one line. */
export function scoreLine(scores: Scores): string {
  const one = (value: number | undefined) => (value ?? 0).toFixed(1);
  switch (scores.task) {
    case 'retrieval': {
      const recall = (way: 'textToMedia' | 'mediaToText') =>
        (['R@1', 'R@5', 'R@10'] as const).map((key) => one(scores[way][key])).join(' / ');
      const medium = mediumOf(scores);
      return `R@1/5/10 text → ${medium} ${recall('textToMedia')}, ${medium} → text ${recall('mediaToText')}`;
    }
    case 'answering':
      return `${scores.metric === 'vqa' ? 'VQA accuracy' : 'exact match'} ${one(scores.accuracy)} %`;
    case 'captioning':
      return `CIDEr ${one(scores.CIDEr)}, BLEU-4 ${one(scores.BLEU[3])}`;
  }
}

/** What was scored, in words: `400 images and 400 captions`. */
export function scoredText(scores: Scores): string {
  const medium = `${mediumOf(scores)}s`;
  const items = `${scores.items} ${medium}`;
  const seen = scores.frames === null ? '' : `, ${scores.frames} frames of each${scores.frameAware ? ', weighed' : ''}`;
  switch (scores.task) {
    case 'retrieval':
      return `${items} and ${scores.texts} captions${seen}`;
    case 'answering':
      return `${scores.questions} questions about ${items}${seen}, answers ${scores.inference === 'rank' ? 'chosen from a list' : 'written'}`;
    case 'captioning':
      return `${items} with ${scores.references} captions to compare with${seen}`;
  }
}
