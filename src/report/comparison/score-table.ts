// Test scores of a group: a row for each run, the best of each figure marked, the others with how far they are behind.

import { figuresOf, headlineOf, mediumOf, type Scores } from '../../evaluate/index.js';
import { type Html, html } from '../page/html.js';
import { type Group, scoresOf, wayOf } from './data.js';
import { named } from './look.js';

/** A figure of a task. */
interface Column {
  /** Heading above several figures: which way was searched. */
  readonly over: string;
  readonly name: string;
  /** Ranks are better when they are smaller. */
  readonly isRank: boolean;
  readonly value: (scores: Scores) => number | undefined;
}

/** A figure of a run, beside the best one that was measured in the same way. */
export interface Placed {
  readonly value: number;
  /** What is behind the best, in points; null where there is nothing to compare with. */
  readonly behind: number | null;
}

/** What the headline figure of a task is called. */
export const HEADLINES = { retrieval: 'mean recall', answering: 'accuracy', captioning: 'CIDEr' } as const;

/** A table of all figures; empty where nothing was measured. */
export function scoreTable({ task, runs, baselines }: Group): Html {
  const all = [...baselines.map(({ scores }) => scores), ...runs.flatMap((run) => scoresOf(run) ?? [])];
  if (all.length === 0) return html``;
  const columns = columnsOf(task, all);
  const placed = columns.map((column) => placeAll(runs.map(scoresOf), column));
  return html`<div class="scroll"><table class="figures">
${columns.some(({ over }) => over) && overHeads(columns)}
<tr><th>run</th>${columns.map(({ name }) => html`<th>${name}</th>`)}</tr>
${baselines.map(
  ({ name, scores }) =>
    html`<tr class="alone"><td>${name}</td>${columns.map(({ value }) => html`<td>${value(scores)?.toFixed(1)}</td>`)}</tr>`,
)}
${runs.map((run, r) => html`<tr><td>${named(run)}</td>${placed.map((column) => cell(column[r] ?? null))}</tr>`)}
</table></div>`;
}

function cell(placed: Placed | null): Html {
  if (placed === null) return html`<td class="soft">–</td>`;
  const { value, behind } = placed;
  if (behind === null) return html`<td>${value.toFixed(1)}</td>`;
  if (behind === 0) return html`<td class="best" title="the best"><b>${value.toFixed(1)}</b></td>`;
  return html`<td>${value.toFixed(1)}<span class="behind">${signed(behind)}</span></td>`;
}

/** Headings over neighbours that share one. */
function overHeads(columns: readonly Column[]): Html {
  const overs = [...new Set(columns.map(({ over }) => over))];
  const widths = overs.map((over) => columns.filter((column) => column.over === over).length);
  return html`<tr class="over"><th></th>${overs.map((over, i) => html`<th colspan="${widths[i]}">${over}</th>`)}</tr>`;
}

function columnsOf(task: Scores['task'], all: readonly Scores[]): readonly Column[] {
  const names = [...new Set(all.flatMap((scores) => figuresOf(scores).map(([name]) => name)))];
  const medium = mediumOf(all[0] as Scores);
  const figures = names.map((name): Column => {
    const [way = ''] = name.split(' ', 1);
    const over = { textToMedia: `text → ${medium}`, mediaToText: `${medium} → text` }[way] ?? '';
    return {
      over,
      name: over ? short(name.slice(way.length + 1)) : name.replace(/^accuracy /, ''),
      isRank: /rank/i.test(name),
      value: (scores) => new Map(figuresOf(scores)).get(name),
    };
  });
  if (task !== 'retrieval') return figures;
  return [{ over: '', name: HEADLINES.retrieval, isRank: false, value: headlineOf }, ...figures];
}

const short = (figure: string): string => figure.replace(/^(median|mean)Rank$/, '$1 rank');

/** One figure of all runs, each beside the best that was measured in the same way; null where there is none. */
export function placeAll(
  all: readonly (Scores | null)[],
  { value, isRank }: Pick<Column, 'value' | 'isRank'>,
): readonly (Placed | null)[] {
  const shown = all.map((scores) => rounded(scores === null ? undefined : value(scores)));
  return all.map((scores, i) => {
    const own = shown[i];
    if (scores === null || own === undefined) return null;
    const alike = shown.filter(
      (other, j) => other !== undefined && wayOf(all[j] as Scores) === wayOf(scores),
    ) as number[];
    const best = isRank ? Math.min(...alike) : Math.max(...alike);
    return { value: own, behind: alike.length > 1 ? own - best : null };
  });
}

/** As it is shown, so that what looks the same is the same. */
const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Number(value.toFixed(1));

const signed = (n: number): string => `${n > 0 ? '+' : '−'}${Math.abs(n).toFixed(1)}`;
