// The report as one HTML file that needs nothing else: no script, no network, light and dark, wide and narrow.

import { headlineOf, type RetrievalScores, type Scores } from '../../evaluate/index.js';
import { bytes, count, duration, mediumOf, percent } from '../terminal/index.js';
import type { Chart, ReportData } from './data.js';
import { exampleSection } from './example-cards.js';
import { type Html, html, raw } from './html.js';
import { scoreSection } from './scores.js';
import { STYLE } from './style.js';

/** Nothing may be loaded, not even if a caption tried. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The page. */
export const reportHtml = (data: ReportData): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${data.title} · UniAdapter</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
${headline(data)}
${data.examples && exampleSection(data.examples)}
${scoreSection(data)}
${data.lossChart && chart('Loss', `Every step, and its running mean, over ${count(data.plan.steps)} steps.`, data.lossChart)}
${data.scoreChart && chart('Scores while training', 'On the validation split, after each evaluated epoch.', data.scoreChart)}
${sizes(data)}
${use(data)}
<section>
<h2>Recipe</h2>
<p class="soft">Everything that can change the numbers, defaults included.</p>
<details><summary>Show it</summary><pre>${data.recipe.trimEnd()}</pre></details>
</section>
<footer>Made by uniadapter. UniAdapter: Lu et al., ICLR 2024, arXiv 2302.06605.</footer>
</main>
</body>
</html>
`.html;

function headline({ title, plan, done, before, after }: ReportData): Html {
  const { parameters, items, samples, frames, epochs } = plan;
  const share = percent(parameters.trainable, parameters.all);
  const media = frames === null ? 'images' : 'clips';
  const texts = plan.task === 'answering' ? 'questions' : 'captions';
  return html`<header>
<h1>${title} · ${plan.task} · ${plan.method}</h1>
<p class="lede">${share} of the parameters, trained on ${count(items.train)} ${media} with ${count(samples)} ${texts}${done && ` in ${duration(done.seconds)}`}.</p>
${after && html`<div class="pair">${headlines(after).map((figure) => bigNumber(figure, before, after))}</div>`}
${!done && html`<p class="soft">This run is not finished yet.</p>`}
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
  readonly name: string;
  readonly meaning: string;
  readonly unit: string;
  readonly value: (scores: Scores) => number;
}

/** The one or two figures that a run is about. */
function headlines(scores: Scores): readonly Headline[] {
  const medium = mediumOf(scores);
  switch (scores.task) {
    case 'retrieval':
      return [
        {
          ...{ name: `Text → ${medium}`, meaning: `of captions find their ${medium} first`, unit: '%' },
          value: (all) => (all as RetrievalScores).textToMedia['R@1'] ?? 0,
        },
        {
          ...{ name: `${medium === 'image' ? 'Image' : 'Video'} → text`, unit: '%' },
          meaning: `of ${medium}s find a caption of theirs first`,
          value: (all) => (all as RetrievalScores).mediaToText['R@1'] ?? 0,
        },
      ];
    case 'answering':
      return [{ name: 'Accuracy', meaning: 'of questions answered rightly', unit: '%', value: headlineOf }];
    case 'captioning':
      return [{ name: 'CIDEr', meaning: 'in common with people’s captions', unit: '', value: headlineOf }];
  }
}

function bigNumber({ name, meaning, unit, value }: Headline, before: Scores | null, after: Scores): Html {
  return html`<div class="card">
<div class="small soft">${name}</div>
<div class="big">${before && html`<span class="from">${value(before).toFixed(1)}</span><span class="arrow">→</span>`}<span class="to">${value(after).toFixed(1)}<span class="unit">${unit}</span></span></div>
<div class="small soft">${meaning}</div>
</div>`;
}

const chart = (title: string, meaning: string, { wide, narrow }: Chart): Html => html`<section>
<h2>${title}</h2>
<p class="soft">${meaning}</p>
<div class="card chart"><div class="wide">${raw(wide)}</div><div class="narrow">${raw(narrow)}</div></div>
</section>`;

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
