// What evaluation measures, by task, and the same as a flat list of figures.

import type { Recalls } from '../metric/index.js';

/** What was looked at. */
export interface Looked {
  /** Images or clips. */
  readonly items: number;
  /** F; null for images. */
  readonly frames: number | null;
  /** Whether frames were weighed by their similarity to the text. */
  readonly frameAware: boolean;
}

export interface Ways {
  readonly textToMedia: Recalls;
  readonly mediaToText: Recalls;
}

export interface RetrievalScores extends Ways, Looked {
  readonly task: 'retrieval';
  /** By similarity alone. */
  readonly firstStage: Ways;
  readonly texts: number;
}

export interface AnsweringScores extends Looked {
  readonly task: 'answering';
  /** `vqa`: the official rule for several annotators; `exact`: right or wrong, where each question has one answer. */
  readonly metric: 'vqa' | 'exact';
  /** Percent, 0…100. */
  readonly accuracy: number;
  /** Percent of the questions of each type, where they have one. */
  readonly byType: Readonly<Record<string, number>>;
  readonly questions: number;
  readonly inference: 'rank' | 'generate';
}

export interface CaptioningScores extends Looked {
  readonly task: 'captioning';
  /** 100 times the mean consensus, as it is published: 133.3, say. */
  readonly CIDEr: number;
  /** BLEU-1 to BLEU-4 in percent. */
  readonly BLEU: readonly [number, number, number, number];
  /** Captions written by people that were compared with. */
  readonly references: number;
}

export type Scores = RetrievalScores | AnsweringScores | CaptioningScores;
export type ScoresOf<T extends Scores['task']> = Extract<Scores, { readonly task: T }>;

/** Every figure with its name, in the order to show them. */
export function figuresOf(scores: Scores): readonly (readonly [string, number])[] {
  switch (scores.task) {
    case 'retrieval':
      return (['textToMedia', 'mediaToText'] as const).flatMap((way) =>
        Object.entries(scores[way]).map(([name, value]) => [`${way} ${name}`, value] as const),
      );
    case 'answering':
      return [
        ['accuracy', scores.accuracy],
        ...Object.entries(scores.byType).map(([type, value]) => [`accuracy ${type}`, value] as const),
      ];
    case 'captioning':
      return [['CIDEr', scores.CIDEr], ...scores.BLEU.map((value, i) => [`BLEU-${i + 1}`, value] as const)];
  }
}

/** The one figure by which runs are compared; larger is better. For retrieval the mean of R@1, 5 and 10 both ways, as in BLIP. */
export function headlineOf(scores: Scores): number {
  if (scores.task === 'answering') return scores.accuracy;
  if (scores.task === 'captioning') return scores.CIDEr;
  const all = [scores.textToMedia, scores.mediaToText].flatMap((way) => [way['R@1'], way['R@5'], way['R@10']]);
  return all.reduce<number>((sum, recall) => sum + (recall as number), 0) / all.length;
}
