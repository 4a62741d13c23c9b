// The report of one run.

import {
  BASELINE_WORDS,
  bestBaseline,
  headlineReadings,
  mediumOf,
  type Reading,
  rangeText,
  type Scores,
} from '../../evaluate/index.js';
import { chartSection, documentOf } from '../page/document.js';
import { type Html, html } from '../page/html.js';
import { bytes, count, duration, percent } from '../page/numbers.js';
import type { ReportData } from './data.js';
import { exampleSection, type SideLook } from './example-cards.js';
import { remarkList, scoreSection } from './scores.js';

const SIDES: readonly SideLook[] = [
  { label: html`Before`, isMain: false },
  { label: html`After`, isMain: true },
];

/** The page. */
export const reportHtml = (data: ReportData): string =>
  documentOf(
    data.title,
    html`${headline(data)}
${data.examples && exampleSection(data.examples, SIDES, 'before and after')}
${scoreSection(data)}
${data.lossChart && chartSection('Loss', html`Every step, and its running mean, over ${count(data.plan.steps)} steps.`, data.lossChart)}
${data.scoreChart && chartSection('Scores while training', html`On the validation split, after each evaluated epoch.`, data.scoreChart)}
${sizes(data)}
${use(data)}
<section>
<h2>Recipe</h2>
<p class="soft">Everything that can change the numbers, defaults included.</p>
<details><summary>Show it</summary><pre>${data.recipe.trimEnd()}</pre></details>
</section>`,
  );

function headline({ title, plan, done, before, after, notices = [] }: ReportData): Html {
  const { parameters, items, samples, frames, epochs } = plan;
  const share = percent(parameters.trainable, parameters.all);
  const media = frames === null ? 'images' : 'clips';
  const texts = plan.task === 'answering' ? 'questions' : 'captions';
  return html`<header>
<h1>${title} · ${plan.task} · ${plan.method}</h1>
<p class="lede">${share} of the parameters, trained on ${count(items.train)} ${media} with ${count(samples)} ${texts}${done && ` in ${duration(done.seconds)}`}.</p>
${after && html`<div class="pair">${headlineReadings(after, before).map((reading) => bigNumber(reading, after))}</div>`}
${after && remarkList(after, before)}
${!done && html`<p class="soft">This run is not finished yet.</p>`}
${notices.map((text) => html`<p><strong>${text}</strong></p>`)}
<dl class="facts">
<div><dt>${media}: train / val / test</dt><dd>${count(items.train)} / ${count(items.val)} / ${count(items.test)}</dd></div>
<div><dt>epochs × batch</dt><dd>${epochs} × ${plan.batch}</dd></div>
${frames !== null && html`<div><dt>frames of a clip</dt><dd>${framesText(frames, after)}</dd></div>`}
${done && html`<div><dt>adapter</dt><dd>${bytes(done.adapterBytes)}</dd></div>`}
</dl>
</header>`;
}

function framesText(frames: number, after: Scores | null): string {
  const tested = after && after.frames !== frames ? `, ${after.frames} in the test` : '';
  return `${frames}${tested}${after?.frameAware ? ', weighed' : ''}`;
}

interface Headline {
  readonly title: string;
  readonly meaning: string;
  readonly unit: string;
}

/** What the one or two figures are called that a run is about. */
function headlineOf(name: string, scores: Scores): Headline {
  const medium = mediumOf(scores);
  switch (name) {
    case 'textToMedia R@1':
      return { title: `Text → ${medium}`, meaning: `of captions find their ${medium} first`, unit: '%' };
    case 'mediaToText R@1':
      return {
        title: `${medium === 'image' ? 'Image' : 'Video'} → text`,
        meaning: `of ${medium}s find a caption of theirs first`,
        unit: '%',
      };
    case 'accuracy':
      return { title: 'Accuracy', meaning: 'of questions answered rightly', unit: '%' };
    default:
      return { title: 'CIDEr', meaning: 'in common with people’s captions', unit: '' };
  }
}

function bigNumber(reading: Reading, scores: Scores): Html {
  const { name, value, before, standing } = reading;
  const { title, meaning, unit } = headlineOf(name, scores);
  const best = standing && bestBaseline(standing);
  return html`<div class="card">
<div class="small soft">${title}</div>
<div class="big">${before !== null && html`<span class="from">${before.toFixed(1)}</span><span class="arrow">→</span>`}<span class="to${before !== null && value < before && ' worse'}">${value.toFixed(1)}<span class="unit">${unit}</span></span></div>
<div class="small soft">${meaning}</div>
${standing && html`<div class="small against"><span>95 % <b>${rangeText(reading)}</b></span>${best && html`<span>${BASELINE_WORDS[best[0]]} <b>${best[1].toFixed(1)}</b></span>`}<span>n <b>${count(standing.n)}</b></span></div>`}
</div>`;
}

function sizes({ plan, done, backbone }: ReportData): Html {
  const { trainable, all } = plan.parameters;
  return html`<section>
<h2>What was trained</h2>
<p class="soft">The backbone ${backbone} stays as it is; what was learnt is a file beside it.</p>
<div class="card">
<div class="scroll"><table>
<tr><th></th><th>parameters</th><th>share</th></tr>
<tr><td>trainable</td><td class="now">${count(trainable)}</td><td class="now">${percent(trainable, all)}</td></tr>
<tr><td>frozen</td><td>${count(all - trainable)}</td><td>${percent(all - trainable, all)}</td></tr>
<tr><td>all</td><td>${count(all)}</td><td></td></tr>
</table></div>
${done && sizeBars(done)}
</div>
</section>`;
}

function sizeBars({ adapterBytes, backboneBytes }: NonNullable<ReportData['done']>): Html {
  const width = (n: number) => `width: ${((100 * n) / Math.max(adapterBytes, backboneBytes)).toFixed(2)}%`;
  return html`<div class="sizes">
<span>Adapter</span><div><div class="bar adapter" style="${width(adapterBytes)}"></div></div><span>${bytes(adapterBytes)}</span>
<span>Backbone</span><div><div class="bar" style="${width(backboneBytes)}"></div></div><span>${bytes(backboneBytes)}</span>
</div>`;
}

const use = ({ commands }: ReportData): Html => html`<section>
<h2>Use it again</h2>
<p class="soft">The adapter folder is all that has to be copied or shared.</p>
<div class="card use">${commands.map(({ purpose, command }) => html`<p>${purpose}</p><pre>${command}</pre>`)}</div>
</section>`;
