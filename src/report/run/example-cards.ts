// Examples of a report as cards: searches with their first hits, questions with their answers, captions.

import { type Html, html } from '../page/html.js';
import { percent } from '../page/numbers.js';
import type { Picture } from '../page/picture.js';
import type { Asked, Described, Examples, Query, Ranking } from './data.js';

/** How a side of the examples is shown. */
export interface SideLook {
  readonly label: Html;
  /** What its captions are written as: the one that matters, or one of several. */
  readonly isMain: boolean;
}

/** @param how  ends the title: `before and after` */
export function exampleSection(examples: Examples, sides: readonly SideLook[], how: string): Html {
  switch (examples.task) {
    case 'retrieval':
      return html`<section>
<h2>The same searches, ${how}</h2>
<p class="soft">Captions drawn at random, searched in ${examples.gallery}. What the caption was written for is outlined.${hasWeights(examples.queries.flatMap(({ found }) => found.flatMap(({ tiles }) => tiles))) && WEIGHTS}</p>
${examples.queries.map((query) => queryCard(query, sides))}
</section>`;
    case 'answering':
      return html`<section>
<h2>The same questions, ${how}</h2>
<p class="soft">Questions of the test split, drawn at random; right answers, where they are known, are green.${hasWeights(examples.asked.map(({ picture }) => picture)) && WEIGHTS}</p>
${examples.asked.map((asked) => askedCard(asked, sides))}
</section>`;
    case 'captioning':
      return html`<section>
<h2>The same pictures, described ${how}</h2>
<p class="soft">Of the test split, drawn at random.</p>
${examples.described.map((described) => describedCard(described, sides))}
</section>`;
  }
}

const queryCard = (
  { text, found }: Query,
  sides: readonly SideLook[],
): Html => html`<div class="card query${sides.length > 2 && ' many'}">
<blockquote>“${text}”</blockquote>
${found.map((ranking, i) => rankingRow(sides[i]?.label, ranking))}
</div>`;

const rankingRow = (label: Html | undefined, { tiles, rank, ranked }: Ranking): Html => html`<div class="ranking">
<div class="label"><b>${label}</b><span class="${rank === 1 && 'hit'}">${rank === null ? `not in the first ${ranked}` : `in place ${rank}`}</span></div>
<div class="${tiles.some(isClip) ? 'strips' : 'tiles'}">${tiles.map(
  (tile) => html`<div class="tile${tile.isRight && ' right'}${isClip(tile) && ' strip'}">${framesOf(tile)}</div>`,
)}</div>
</div>`;

const askedCard = (
  { picture, question, truths, answers }: Asked,
  sides: readonly SideLook[],
): Html => html`<div class="card example">
${pictureBlock(picture)}
<div>
<blockquote>${question}</blockquote>
<div class="sides">
${answers.map((own, i) => answerList(sides[i]?.label, own, truths))}
</div>
${truths.length > 0 && html`<p class="small soft">People: ${truths.join(', ')}</p>`}
</div>
</div>`;

const answerList = (
  label: Html | undefined,
  answers: Asked['answers'][number],
  truths: readonly string[],
): Html => html`<div>
<b class="small">${label}</b>
${answers
  .slice(0, 3)
  .map(
    ({ answer, probability }) =>
      html`<div class="answer${truths.includes(answer) && ' hit'}"><span>${answer}</span><span class="track"><i class="reach" style="width: ${(100 * probability).toFixed(1)}%"></i></span><span class="small soft">${percent(probability, 1)}</span></div>`,
  )}
</div>`;

const describedCard = (
  { picture, captions, people }: Described,
  sides: readonly SideLook[],
): Html => html`<div class="card example">
${pictureBlock(picture)}
<div>
${captions.map((caption, i) => captionBlock(sides[i], caption))}
<p class="small soft">People: ${people.slice(0, 2).join(' · ')}</p>
</div>
</div>`;

const captionBlock = (side: SideLook | undefined, caption: string): Html =>
  html`<p class="small soft">${side?.label}</p>${side?.isMain ? html`<blockquote>${caption}</blockquote>` : html`<p>${caption}</p>`}`;

const isClip = ({ frames }: Picture): boolean => frames.length > 1;

const pictureBlock = (picture: Picture): Html =>
  html`<div class="tile${isClip(picture) && ' strip'}">${framesOf(picture)}</div>`;

const WEIGHTS = ' The number under a frame is how much it counted for the text; 1 is an even share.';
const hasWeights = (pictures: readonly Picture[]): boolean => pictures.some(({ weights }) => weights !== null);

/** Frames side by side, each with how much it was looked at underneath. */
const framesOf = ({ frames, weights, name }: Picture): Html =>
  html`${frames.map((frame, i) => {
    const weight = weights?.[i];
    const bar =
      weight !== undefined &&
      html`<div class="weight"><i style="width: ${Math.min(100, 50 * weight).toFixed(0)}%"></i>${weight.toFixed(2)}</div>`;
    return html`<figure><img src="${frame}" alt="${name}" title="${name}">${bar}</figure>`;
  })}`;
