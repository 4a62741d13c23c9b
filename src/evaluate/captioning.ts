// Captioning over a split: one caption written per item, compared with all that people wrote.

import type { MediaSet } from '../data/items/index.js';
import { type LoadedModel, whileOpen } from '../model/index.js';
import { type CaptionerOptions, createCaptioner, createMediaEncoder } from '../predict/programs/index.js';
import { blindCaption } from './blind.js';
import { type CaptionMetrics, captionIntervals, captionMetrics } from './metric/index.js';
import { encodedAtOnce, type Looking, lookedAt, writtenAtOnce } from './options.js';
import type { CaptioningScores, Standing } from './scores.js';

export interface CaptioningEvaluation
  extends Looking,
    Pick<CaptionerOptions, 'prompt' | 'beams' | 'minLength' | 'maxLength'> {}

export interface CaptioningResult {
  readonly scores: CaptioningScores;
  /** One per item. */
  readonly captions: readonly string[];
}

/** Captions every item of a split, all of which have captions to compare with. */
export async function evaluateCaptioning(
  model: LoadedModel,
  set: MediaSet,
  options: CaptioningEvaluation,
): Promise<CaptioningResult> {
  const captions = await written(model, set, options);
  const references = set.items.map((item) => item.captions);
  const scores = {
    task: 'captioning',
    ...captionMetrics(captions, references),
    standing: standingOf(captions, references, options),
    references: references.reduce((sum, own) => sum + own.length, 0),
    ...lookedAt(model, options, set.items.length),
    frameAware: false, // the decoder looks at all frames alike: there is no text yet to weigh them by
  } as const;
  return { scores, captions };
}

function standingOf(
  written: readonly string[],
  references: readonly (readonly string[])[],
  { learnt = [] }: CaptioningEvaluation,
): Readonly<Record<string, Standing>> {
  const { CIDEr, BLEU } = captionIntervals(written, references);
  const measured = blindCaption(references, learnt);
  const blind = measured && figures(measured);
  const intervals = [CIDEr, ...BLEU];
  return Object.fromEntries(
    NAMES.map((name, i) => [
      name,
      {
        n: written.length,
        interval: intervals[i] as Standing['interval'],
        baselines: blind === null ? {} : { caption: blind[i] as number },
      },
    ]),
  );
}

const NAMES = ['CIDEr', 'BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU-4'];
const figures = ({ CIDEr, BLEU }: CaptionMetrics): readonly number[] => [CIDEr, ...BLEU];

function written(model: LoadedModel, set: MediaSet, options: CaptioningEvaluation): Promise<readonly string[]> {
  const { onProgress } = options;
  const items = set.items.length;
  const batch = writtenAtOnce(options, items);
  const encoding = { ...options, batch: encodedAtOnce(model, options, items), features: false };
  return whileOpen(createMediaEncoder(model, encoding), async (encoder) => {
    const { tokens } = await encoder.encode(set, (done) => onProgress?.(done, 2 * items));
    return whileOpen(createCaptioner(model, { ...options, batch }), (captioner) =>
      captioner.captions(tokens, items, (done) => onProgress?.(items + done, 2 * items)),
    );
  });
}
