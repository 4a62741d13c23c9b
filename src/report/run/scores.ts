// Scores of a report: what was measured before and after, with what it is to be read against, and epoch by epoch.

import {
  BASELINES,
  type Baseline,
  figureName,
  figuresOf,
  isRank,
  mediumOf,
  type Reading,
  readingsOf,
  remarksOf,
  type Scores,
  scoredText,
} from '../../evaluate/index.js';
import { type Html, html } from '../page/html.js';
import type { ReportData } from './data.js';

export function scoreSection({ before, after, validations }: ReportData): Html {
  return html`<section>
<h2>Scores</h2>
<p class="soft">${after ? `${meaningOf(after)} Of ${scoredText(after)}, never trained on.` : 'Not measured yet.'}${after?.standing && ` 95 %: in 19 of 20 cases the figure of all such ${mediumOf(after)}s lies there.`}</p>
<div class="card">
${after && scoreTable(after, before)}
${validations.length > 0 && html`<details style="margin-top: 20px"><summary>Epoch by epoch, on the validation split</summary>${epochTable(validations)}</details>`}
</div>
</section>`;
}

/** What scores say, in words. */
export function remarkList(after: Scores, before: Scores | null): Html | null {
  const remarks = remarksOf(after, before);
  return remarks.length === 0
    ? null
    : html`<ul class="remarks">${remarks.map(({ tone, text }) => html`<li class="${tone}">${text}</li>`)}</ul>`;
}

function meaningOf(scores: Scores): string {
  switch (scores.task) {
    case 'retrieval':
      return 'R@k: percent of queries that have a right answer among the first k.';
    case 'answering':
      return scores.metric === 'vqa'
        ? 'Accuracy: how far annotators agree with the answer, by the official rule, in percent.'
        : 'Accuracy: percent of questions answered with exactly the right words.';
    case 'captioning':
      return 'CIDEr and BLEU: how much captions have in common with those that people wrote.';
  }
}

/** Readings under a title, such as those of one way of retrieval. */
interface Group {
  readonly title: string;
  readonly readings: readonly Reading[];
}

function groupsOf(after: Scores, before: Scores | null): readonly Group[] {
  const readings = readingsOf(after, before);
  if (after.task === 'answering') return [{ title: 'Accuracy', readings }];
  if (after.task === 'captioning') return [{ title: 'Captions', readings }];
  return (['textToMedia', 'mediaToText'] as const).map((way) => ({
    title: capital(figureName(way, mediumOf(after))),
    readings: readings.filter(({ name }) => name.startsWith(way)),
  }));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const BASELINE_HEADS: Readonly<Record<Baseline, string>> = {
  ...{ chance: 'chance', majority: 'most common', firstWords: 'first words' },
  ...{ question: 'question alone', single: 'one answer', caption: 'one caption' },
};

function scoreTable(after: Scores, before: Scores | null): Html {
  const groups = groupsOf(after, before);
  const all = groups.flatMap(({ readings }) => readings);
  const blind = BASELINES.filter((name) => all.some(({ standing }) => standing && name in standing.baselines));
  const isKnown = all.some(({ standing }) => standing !== null);
  const heads = [
    ...(before ? ['before', 'after', 'gain'] : ['after']),
    ...(isKnown ? ['95 %', ...blind.map((name) => BASELINE_HEADS[name]), 'n'] : []),
  ];
  const look = {
    hasBefore: before !== null,
    isKnown,
    blind,
    columns: heads.length + 2,
    isShare: after.task !== 'captioning',
  };
  return html`<p class="small soft">${
    before && html`<span class="key"><i style="background: var(--before)"></i>before</span>`
  }<span class="key"><i style="background: var(--after)"></i>after</span>${
    isKnown &&
    html`<span class="key"><i class="sure"></i>95 %</span>${blind.length > 0 && html`<span class="key"><i class="blind"></i>without looking</span>`}`
  }</p>
<div class="scroll"><table class="readings"><tr><th></th>${heads.map((head) => html`<th>${head}</th>`)}<th class="dumbbell"></th></tr>
${groups.map(
  ({ title, readings }) => html`<tr class="way"><td colspan="${look.columns}">${title}</td></tr>
${readings.map((reading) => row(reading, look))}`,
)}</table></div>`;
}

interface Look {
  readonly hasBefore: boolean;
  readonly isKnown: boolean;
  readonly blind: readonly Baseline[];
  readonly columns: number;
  /** Whether figures are percents, which bars show. */
  readonly isShare: boolean;
}

function row(reading: Reading, { hasBefore, isKnown, blind, isShare }: Look): Html {
  const { name, before, value, standing } = reading;
  const short = figureName(name.replace(/^(textToMedia|mediaToText|accuracy) /, ''), '');
  const cell = (number: number | null | undefined) => html`<td class="soft">${number?.toFixed(1)}</td>`;
  const gain = before === null ? '' : signed(value - before);
  const isWorse = before !== null && (isRank(name) ? value > before : value < before);
  return html`<tr>
<td>${short}</td>${hasBefore && html`<td>${before?.toFixed(1)}</td>`}<td class="now">${value.toFixed(1)}</td>${hasBefore && html`<td class="gain${isWorse && ' worse'}">${gain}</td>`}
${isKnown && html`<td class="soft">${standing?.interval.map((end) => end.toFixed(1)).join('–')}</td>${blind.map((by) => cell(standing?.baselines[by]))}<td class="soft">${standing?.n}</td>`}
<td class="dumbbell">${isShare && !isRank(name) && bars(reading, blind)}</td>
</tr>`;
}

/** Before and after as bars; over them where the true figure lies, and how far one gets without looking. */
function bars({ before, value, standing }: Reading, blind: readonly Baseline[]): Html {
  const at = (percent: number) => `${Math.min(100, percent).toFixed(1)}%`;
  const reach = html`<i class="reach" style="width: ${at(value)}"></i>`;
  const was = before !== null && html`<i class="was" style="width: ${at(before)}"></i>`;
  const [low, high] = standing?.interval ?? [0, 0];
  const best = Math.max(...blind.flatMap((by) => standing?.baselines[by] ?? []));
  return html`<div class="track">${before !== null && before > value ? [was, reach] : [reach, was]}${
    standing && html`<i class="sure" style="left: ${at(low)}; width: ${at(high - low)}"></i>`
  }${Number.isFinite(best) && html`<i class="blind" style="left: ${at(best)}"></i>`}</div>`;
}

function epochTable(validations: ReportData['validations']): Html {
  const columns = validations.map(({ scores }) => figuresOf(scores).filter(([name]) => !/rank/i.test(name)));
  const heads = (columns[0] ?? []).map(([name]) =>
    name
      .replace('textToMedia', 'text')
      .replace('mediaToText', 'media')
      .replace(/^accuracy /, ''),
  );
  return html`<div class="scroll"><table>
<tr><th>epoch</th>${heads.map((head) => html`<th>${head}</th>`)}</tr>
${validations.map(
  ({ epoch }, i) =>
    html`<tr><td>${epoch + 1}</td>${(columns[i] ?? []).map(([, value]) => html`<td>${value.toFixed(1)}</td>`)}</tr>`,
)}
</table></div>`;
}

const signed = (n: number): string => `${n > 0 ? '+' : ''}${n.toFixed(1)}`.replace('-', '−');
