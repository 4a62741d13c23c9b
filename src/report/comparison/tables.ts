// Tables of a comparison: what differs between the recipes, and what each run took.

import { basename } from 'node:path';
import { type Html, html } from '../page/html.js';
import { bytes, count, duration, percent } from '../page/numbers.js';
import type { ComparedRun, ComparisonData, Difference } from './data.js';
import { badge, named } from './look.js';
import { standing } from './summary.js';

export function differenceSection({ runs, differences, sameKeys }: ComparisonData): Html {
  if (differences.length === 0)
    return html`<section>
<h2>What differs</h2>
<p class="soft">Nothing: all ${count(sameKeys)} keys of the recipes are the same.</p>
</section>`;
  return html`<section>
<h2>What differs</h2>
<p class="soft">Keys of the recipes that are not the same everywhere; ${count(sameKeys)} others are. Options that only some methods have are listed where one is not at its default.</p>
<div class="card"><div class="scroll"><table class="keys">
<tr><th>key</th>${runs.map((run) => html`<th>${badge(run)}</th>`)}</tr>
${differences.map(differenceRow)}
</table></div></div>
</section>`;
}

const differenceRow = ({ key, meaning, values }: Difference): Html => {
  const usual = mostCommon(values);
  return html`<tr><td><code>${key}</code><span class="meaning">${meaning}</span></td>${values.map(
    (value) => html`<td class="${value === null ? 'soft' : value !== usual && 'other'}">${value ?? '–'}</td>`,
  )}</tr>`;
};

/** The value that more than half have; undefined where there is none. */
const mostCommon = (values: readonly (string | null)[]): string | null | undefined =>
  values.find((value) => 2 * values.filter((other) => other === value).length > values.length);

export function costSection({ runs }: ComparisonData): Html {
  return html`<section>
<h2>What each run took</h2>
<p class="soft">Times are those of the machines that they ran on.</p>
<div class="card"><div class="scroll"><table class="figures">
<tr><th>run</th><th>method</th><th>backbone</th><th>trainable</th><th>share</th><th>adapter</th><th>epochs × batch</th><th>steps</th><th>time</th></tr>
${runs.map(costRow)}
</table></div>
<dl class="folders">${runs.map((run) => html`<div><dt>${badge(run)}</dt><dd><code>${run.folder}</code>${!run.done && html` <span class="soft">${standing(run)}</span>`}</dd></div>`)}</dl>
</div>
</section>`;
}

function costRow(run: ComparedRun): Html {
  const { recipe, plan, done, steps, seconds } = run;
  const sizes = plan && [
    count(plan.parameters.trainable),
    percent(plan.parameters.trainable, plan.parameters.all),
    done ? bytes(done.adapterBytes) : '–',
  ];
  const last = steps.at(-1)?.step ?? 0;
  const cells = [
    recipe.method.name,
    basename(recipe.backbone),
    ...(sizes ?? ['–', '–', '–']),
    `${recipe.train.epochs} × ${recipe.train.batch}`,
    plan && last < plan.steps ? `${count(last)} of ${count(plan.steps)}` : count(last),
    seconds > 0 ? duration(seconds) : '–',
  ];
  return html`<tr><td>${named(run)}</td>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
}
