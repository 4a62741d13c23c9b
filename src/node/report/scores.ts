// Scores of a report: both ways, before and after, and epoch by epoch.

import type { Scores } from '../run/types.js';
import { count } from '../terminal/index.js';
import type { ReportData } from './data.js';
import { type Html, html } from './html.js';

type Way = 'textToMedia' | 'mediaToText';
const WAYS: readonly (readonly [Way, string])[] = [
  ['textToMedia', 'Text → image'],
  ['mediaToText', 'Image → text'],
];
const RECALLS = ['R@1', 'R@5', 'R@10'] as const;

export function scoreSection({ before, after, validations }: ReportData): Html {
  return html`<section>
<h2>Scores</h2>
<p class="soft">R@k: percent of queries that have a right answer among the first k.${after && ` Of ${count(after.images)} images and ${count(after.texts)} captions never trained on.`}</p>
<div class="card">
${after ? scoreTable(before, after) : html`<p class="soft">Not measured yet.</p>`}
${validations.length > 0 && html`<details style="margin-top: 20px"><summary>Epoch by epoch, on the validation split</summary>${epochTable(validations)}</details>`}
</div>
</section>`;
}

const scoreTable = (before: Scores | null, after: Scores): Html => html`<p class="small soft">${
  before && html`<span class="key"><i style="background: var(--before)"></i>before</span>`
}<span class="key"><i style="background: var(--after)"></i>after</span></p>
<div class="scroll"><table>${WAYS.map(
  ([way, title]) => html`<tr class="way"><td colspan="5">${title}</td></tr>
${RECALLS.map((key) => recallRow(key, before?.[way][key], after[way][key] ?? 0))}
${row('median rank', before?.[way].medianRank, after[way].medianRank)}`,
)}</table></div>`;

function recallRow(name: string, before: number | undefined, after: number): Html {
  const reach = html`<i class="reach" style="width: ${after.toFixed(1)}%"></i>`;
  const was = before !== undefined && html`<i class="was" style="width: ${before.toFixed(1)}%"></i>`;
  return row(
    name,
    before,
    after,
    html`<div class="track">${before !== undefined && before > after ? [was, reach] : [reach, was]}</div>`,
  );
}

const row = (name: string, before: number | undefined, after: number, bars?: Html): Html => html`<tr>
<td>${name}</td><td>${before?.toFixed(1)}</td><td class="now">${after.toFixed(1)}</td>
<td class="gain">${before !== undefined && signed(after - before)}</td><td class="dumbbell">${bars}</td>
</tr>`;

const epochTable = (validations: ReportData['validations']): Html => html`<div class="scroll"><table>
<tr><th>epoch</th>${WAYS.flatMap(([, title]) => RECALLS.map((key) => html`<th>${title.split(' ')[0]} ${key}</th>`))}</tr>
${validations.map(
  ({ epoch, scores }) =>
    html`<tr><td>${epoch + 1}</td>${WAYS.flatMap(([way]) =>
      RECALLS.map((key) => html`<td>${scores[way][key]?.toFixed(1)}</td>`),
    )}</tr>`,
)}
</table></div>`;

const signed = (n: number): string => `${n > 0 ? '+' : ''}${n.toFixed(1)}`.replace('-', '−');
