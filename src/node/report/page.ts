// The report as one HTML file that needs nothing else: no script, no network, light and dark, wide and narrow.

import { bytes, count, duration, percent } from '../terminal/index.js';
import type { Chart, Query, Ranking, ReportData } from './data.js';
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
${data.queries.length > 0 && sheets(data)}
${scoreSection(data)}
${data.lossChart && chart('Loss', `Every step, and its running mean, over ${count(data.plan.steps)} steps.`, data.lossChart)}
${data.recallChart && chart('Recall while training', 'R@1 on the validation split after each evaluated epoch.', data.recallChart)}
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
  const { parameters, samples, epochs } = plan;
  const share = percent(parameters.trainable, parameters.all);
  return html`<header>
<h1>${title} · ${plan.method}</h1>
<p class="lede">${share} of the parameters, trained on ${count(samples.train)} images${done && ` in ${duration(done.seconds)}`}.</p>
${after && html`<div class="pair">${(['textToMedia', 'mediaToText'] as const).map((way) => bigNumber(way, { before, after }))}</div>`}
${!done && html`<p class="soft">This run is not finished yet.</p>`}
<dl class="facts">
<div><dt>images: train / val / test</dt><dd>${count(samples.train)} / ${count(samples.val)} / ${count(samples.test)}</dd></div>
<div><dt>epochs × batch</dt><dd>${epochs} × ${plan.batch}</dd></div>
${done && html`<div><dt>adapter</dt><dd>${bytes(done.adapterBytes)}</dd></div>`}
${after && html`<div><dt>tested on</dt><dd>${count(after.images)} images, ${count(after.texts)} captions</dd></div>`}
</dl>
</header>`;
}

function bigNumber(way: 'textToMedia' | 'mediaToText', { before, after }: Pick<ReportData, 'before' | 'after'>): Html {
  const [name, meaning] = {
    textToMedia: ['Text → image', 'of captions find their image first'],
    mediaToText: ['Image → text', 'of images find a caption of theirs first'],
  }[way] as [string, string];
  const value = (scores: ReportData['after']) => (scores?.[way]['R@1'] ?? 0).toFixed(1);
  return html`<div class="card">
<div class="small soft">${name}</div>
<div class="big">${before && html`<span class="from">${value(before)}</span><span class="arrow">→</span>`}<span class="to">${value(after)}<span class="unit">%</span></span></div>
<div class="small soft">${meaning}</div>
</div>`;
}

const sheets = ({ queries, gallery }: ReportData): Html => html`<section>
<h2>The same searches, before and after</h2>
<p class="soft">Captions drawn at random, searched in ${gallery}. The image that the caption was written for is outlined.</p>
${queries.map(sheet)}
</section>`;

const sheet = ({ text, before, after }: Query): Html => html`<div class="card query">
<blockquote>“${text}”</blockquote>
${ranking('before', before)}
${ranking('after', after)}
</div>`;

const ranking = (name: 'before' | 'after', { tiles, rank, ranked }: Ranking): Html => html`<div class="ranking ${name}">
<div class="label"><b>${name === 'before' ? 'Before' : 'After'}</b><span class="${rank === 1 && 'hit'}">${rank === null ? `not in the first ${ranked}` : `in place ${rank}`}</span></div>
<div class="tiles">${tiles.map(
  ({ image, name: file, isRight }) =>
    html`<div class="tile${isRight && ' right'}"><img src="${image}" alt="${file}" title="${file}"></div>`,
)}</div>
</div>`;

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
