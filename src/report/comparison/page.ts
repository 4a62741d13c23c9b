// The page that compares runs: who is best, what differs, and for each kind of test its figures, curves and examples.

import { chartSection, documentOf } from '../page/document.js';
import { type Html, html } from '../page/html.js';
import { exampleSection } from '../run/example-cards.js';
import type { ComparisonData, Group, SideName } from './data.js';
import { legend, named } from './look.js';
import { scoreTable } from './score-table.js';
import { headOf, race } from './summary.js';
import { costSection, differenceSection } from './tables.js';

/** The page. */
export function comparisonHtml(data: ComparisonData): string {
  const { runs, groups } = data;
  return documentOf(
    runs.map(({ name }) => name).join(', '),
    html`${headOf(data)}
${differenceSection(data)}
${groups.map((group) => groupPart(group, groups.length > 1))}
${costSection(data)}`,
  );
}

function groupPart(group: Group, isOneOfSeveral: boolean): Html {
  const { task, title, runs, notes, lossChart, scoreChart, examples } = group;
  return html`${isOneOfSeveral && html`<section class="kind"><h2>${task} · ${title}</h2>${race(group)}</section>`}
<section>
<h2>Scores</h2>
<p class="soft">${isOneOfSeveral ? 'Of these runs' : `On ${title}`}, never trained on. ${MEANINGS[task]} The best is marked; the others say how far they are from it.</p>
${notes.map((note) => html`<p class="note">${note}</p>`)}
<div class="card">${runs.some(({ done }) => done?.scores) ? scoreTable(group) : 'Nothing was measured yet.'}</div>
</section>
${scoreChart && chartSection('Scores while training', html`${SCORED[task]} on the validation split, after each evaluated epoch. ${legend(runs)}`, scoreChart)}
${lossChart && chartSection('Loss', html`Running means of the weighted sum; recipes with other objectives have other scales. ${legend(runs)}`, lossChart)}
${examples && exampleSection(examples.shown, examples.sides.map(look), 'side by side')}`;
}

const look = (side: SideName) => ({ label: typeof side === 'string' ? html`${side}` : named(side), isMain: false });

const MEANINGS = {
  retrieval: 'R@k: percent of queries that have a right answer among the first k; mean recall: of all six.',
  answering: 'Accuracy in percent, of all questions and by type.',
  captioning: 'How much captions have in common with those that people wrote.',
} as const;

const SCORED = { retrieval: 'Mean recall', answering: 'Accuracy', captioning: 'CIDEr' } as const;
