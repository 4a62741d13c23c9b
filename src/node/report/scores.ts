// Scores of a report: what was measured before and after, and epoch by epoch.

import { figuresOf, type RetrievalScores, type Scores } from '../../evaluate/index.js';
import { mediumOf, scoredText } from '../terminal/index.js';
import type { ReportData } from './data.js';
import { type Html, html } from './html.js';

/** Figures under a title, such as those of one way of retrieval. */
interface Group {
  readonly title: string;
  readonly figures: readonly Figure[];
}

interface Figure {
  readonly name: string;
  readonly before: number | undefined;
  readonly after: number;
  /** Of what a full bar stands for; null for figures without a bar. */
  readonly full: number | null;
}

const RECALLS = ['R@1', 'R@5', 'R@10'] as const;

export function scoreSection({ before, after, validations }: ReportData): Html {
  return html`<section>
<h2>Scores</h2>
<p class="soft">${after ? `${meaningOf(after)} Of ${scoredText(after)}, never trained on.` : 'Not measured yet.'}</p>
<div class="card">
${after && scoreTable(groupsOf(before, after), before !== null)}
${validations.length > 0 && html`<details style="margin-top: 20px"><summary>Epoch by epoch, on the validation split</summary>${epochTable(validations)}</details>`}
</div>
</section>`;
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

function groupsOf(before: Scores | null, after: Scores): Group[] {
  if (after.task === 'retrieval') return ways(before as RetrievalScores | null, after);
  const known = new Map(before ? figuresOf(before) : []);
  const figures = figuresOf(after).map(([name, value]) => ({
    ...{ name: name.replace(/^accuracy /, ''), before: known.get(name), after: value },
    full: after.task === 'answering' ? 100 : null,
  }));
  return [{ title: after.task === 'answering' ? 'Accuracy' : 'Captions', figures }];
}

function ways(before: RetrievalScores | null, after: RetrievalScores): Group[] {
  const medium = mediumOf(after);
  return (
    [
      ['textToMedia', `Text → ${medium}`],
      ['mediaToText', `${medium === 'image' ? 'Image' : 'Video'} → text`],
    ] as const
  ).map(([way, title]) => ({
    title,
    figures: [
      ...RECALLS.map((name) => ({ name, before: before?.[way][name], after: after[way][name] ?? 0, full: 100 })),
      { name: 'median rank', before: before?.[way].medianRank, after: after[way].medianRank, full: null },
      { name: 'mean rank', before: before?.[way].meanRank, after: after[way].meanRank, full: null },
    ],
  }));
}

const scoreTable = (groups: readonly Group[], hasBefore: boolean): Html => html`<p class="small soft">${
  hasBefore && html`<span class="key"><i style="background: var(--before)"></i>before</span>`
}<span class="key"><i style="background: var(--after)"></i>after</span></p>
<div class="scroll"><table>${groups.map(
  ({ title, figures }) => html`<tr class="way"><td colspan="5">${title}</td></tr>
${figures.map(row)}`,
)}</table></div>`;

const row = ({ name, before, after, full }: Figure): Html => html`<tr>
<td>${name}</td><td>${before?.toFixed(1)}</td><td class="now">${after.toFixed(1)}</td>
<td class="gain">${before !== undefined && signed(after - before)}</td><td class="dumbbell">${full !== null && bars(before, after, full)}</td>
</tr>`;

function bars(before: number | undefined, after: number, full: number): Html {
  const width = (value: number) => `width: ${((100 * value) / full).toFixed(1)}%`;
  const reach = html`<i class="reach" style="${width(after)}"></i>`;
  const was = before !== undefined && html`<i class="was" style="${width(before)}"></i>`;
  return html`<div class="track">${before !== undefined && before > after ? [was, reach] : [reach, was]}</div>`;
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
