// What scores say, in words: better or worse than before, more than without looking or not, too few to say.

import { rerankingText } from './reranking.js';
import {
  type Baseline,
  bestBaseline,
  changeOf,
  FEW,
  headlineReadings,
  type Reading,
  type Scores,
  standingOver,
} from './scores.js';

export interface Remark {
  /** `good`: what one hopes for; `bad`: do not use it as it is; `note`: to be known. */
  readonly tone: 'good' | 'bad' | 'note';
  readonly text: string;
}

/** What each baseline is called, after `where` or `than`. */
export const BASELINE_WORDS: Readonly<Record<Baseline, string>> = {
  chance: 'chance',
  majority: 'the most common answer',
  firstWords: 'the question’s first words',
  question: 'the question alone',
  single: 'the best single answer',
  caption: 'one caption for all',
};

/** What is found by texts and described by them. */
export const mediumOf = ({ frames }: Pick<Scores, 'frames'>): 'image' | 'video' =>
  frames === null ? 'image' : 'video';

/** `text → image R@1` of `textToMedia R@1`. */
export const figureName = (name: string, medium: string): string =>
  name
    .replace('textToMedia', `text → ${medium}`)
    .replace('mediaToText', `${medium} → text`)
    .replace(/(median|mean)Rank/, '$1 rank');

/** @param before  of the backbone alone on the same items, with the same answers to choose from; null where not measured */
export function remarksOf(after: Scores, before: Scores | null): readonly Remark[] {
  return [...changeRemarks(after, before), ...baselineRemarks(after), ...fewRemarks(after), ...rerankRemarks(after)];
}

function changeRemarks(after: Scores, before: Scores | null): Remark[] {
  const change = changeOf(after, before);
  if (change === null) return [];
  const figures = headlineReadings(after, before)
    .map(
      ({ name, value, before: from }) =>
        `${figureName(name, mediumOf(after))} ${from?.toFixed(1)} → ${value.toFixed(1)}`,
    )
    .join(', ');
  const doubt = change.isSure ? '' : ' With so few to measure by, the difference can be chance.';
  switch (change.direction) {
    case 'fell':
      return [{ tone: 'bad', text: `Worse than the backbone alone: ${figures}.${doubt} ${ADVICE}` }];
    case 'same':
      return [{ tone: 'bad', text: `No better than the backbone alone: ${figures}. ${ADVICE}` }];
    case 'rose':
      return [{ tone: change.isSure ? 'good' : 'note', text: `Better than the backbone alone: ${figures}.${doubt}` }];
  }
}

const ADVICE =
  'Try another optimiser.learningRate, more or fewer train.epochs, data.augment none or more data; until then the backbone alone does as well or better.';

function baselineRemarks(after: Scores): Remark[] {
  return headlineReadings(after, null).flatMap((reading): Remark[] => {
    const standing = standingOver(reading);
    const best = reading.standing && bestBaseline(reading.standing);
    if (standing === null || !best) return [];
    const [name, bar] = best;
    const own = `${figureName(reading.name, mediumOf(after))} ${reading.value.toFixed(1)}`;
    const other = `${bar.toFixed(1)} by ${BASELINE_WORDS[name]}`;
    if (standing === 'not above')
      return [{ tone: 'bad', text: `Does not beat what is scored without looking: ${own}, ${other}.` }];
    if (standing === 'perhaps')
      return [
        {
          tone: 'note',
          text: `Not surely above what is scored without looking: ${own} (${rangeText(reading)}), ${other}.`,
        },
      ];
    return after.task === 'retrieval'
      ? []
      : [{ tone: 'good', text: `Above what is scored without looking: ${own}, ${other}.` }];
  });
}

function fewRemarks(after: Scores): Remark[] {
  const [fewest] = headlineReadings(after, null).toSorted((a, b) => (a.standing?.n ?? FEW) - (b.standing?.n ?? FEW));
  if (!fewest?.standing || fewest.standing.n >= FEW) return [];
  const text = `${countText(fewest, after)} are too few for a score: ${figureName(fewest.name, mediumOf(after))} of more like them may be anything from ${rangeText(fewest)}.`;
  return [{ tone: 'note', text }];
}

function rerankRemarks(after: Scores): Remark[] {
  if (after.task !== 'retrieval' || !after.reranking || after.reranking.by === 'recipe') return [];
  return [{ tone: 'note', text: rerankingText(after.reranking) }];
}

/** `25.3 to 36.6` */
export const rangeText = ({ standing }: Pick<Reading, 'standing'>): string =>
  standing ? standing.interval.map((end) => end.toFixed(1)).join(' to ') : '';

/** What a figure was counted over: `40 captions`. */
function countText({ name, standing }: Reading, { task, frames }: Scores): string {
  const media = frames === null ? 'images' : 'clips';
  const one = {
    retrieval: name.startsWith('textToMedia') ? 'captions' : media,
    answering: 'questions',
    captioning: media,
  };
  return `${standing?.n} ${one[task]}`;
}

/** What was scored, in words: `400 images and 400 captions`. */
export function scoredText(scores: Scores): string {
  const medium = `${mediumOf(scores)}s`;
  const items = `${scores.items} ${medium}`;
  const seen = scores.frames === null ? '' : `, ${scores.frames} frames of each${scores.frameAware ? ', weighed' : ''}`;
  switch (scores.task) {
    case 'retrieval':
      return `${items} and ${scores.texts} captions${seen}`;
    case 'answering':
      return `${scores.questions} questions about ${items}${seen}, answers ${scores.inference === 'rank' ? (scores.candidates ? `chosen from ${scores.candidates}` : 'chosen from a list') : 'written'}`;
    case 'captioning':
      return `${items} with ${scores.references} captions to compare with${seen}`;
  }
}
