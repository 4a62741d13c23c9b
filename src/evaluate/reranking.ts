// Whether what similarity finds is scored again by the matching head. That head must fit the pictures: where it does not,
// it puts the right ones behind others. So `retrieval.rerank: auto` does what helped this very model on other pictures.

/** Mean recalls (R@1, 5 and 10, both ways) that the same model reached with and without re-ranking. */
export interface Stages {
  /** By similarity alone. */
  readonly firstStage: number;
  readonly reranked: number;
  /** Images or clips that they were measured on. */
  readonly items: number;
}

/** Who decides: the recipe; scores on the validation split; what the backbone's description records; nothing but custom. */
export type Decider = 'recipe' | 'validation' | 'backbone' | 'default';

export interface Reranking {
  readonly isOn: boolean;
  readonly by: Decider;
  /** What it was decided by: validation's scores or the backbone's. */
  readonly stages?: Stages;
}

/** What is known of a model before it is asked to search. */
export interface Shown {
  readonly by: 'validation' | 'backbone';
  readonly stages: Stages;
}

/** Candidates that are scored again where a recipe leaves it open (published: 128 for all but COCO). */
export const AUTO_RERANK = 128;

/** @param rerank  of a recipe @param shown  null where nobody measured both stages: then as the release does */
export function rerankingOf(rerank: number | 'auto', shown: Shown | null): Reranking {
  if (rerank !== 'auto') return { isOn: rerank > 0, by: 'recipe' };
  if (shown === null) return { isOn: true, by: 'default' };
  const { by, stages } = shown;
  return { isOn: stages.reranked >= stages.firstStage, by, stages };
}

/** One sentence: whether, and why. */
export function rerankingText({ isOn, by, stages }: Reranking): string {
  const verdict = `Re-ranking is ${isOn ? 'on' : 'off'}`;
  if (by === 'recipe') return `${verdict}, as the recipe says.`;
  if (!stages) return `${verdict}, as published; no validation has shown yet whether it helps here.`;
  const figures = `mean recall ${stages.firstStage.toFixed(1)} by similarity alone, ${stages.reranked.toFixed(1)} re-ranked`;
  return by === 'validation'
    ? `${verdict}: on ${stages.items} validation items ${figures}.`
    : `${verdict}: on ${stages.items} pictures unlike its own this backbone reached ${figures}.`;
}
