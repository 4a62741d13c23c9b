// How a model ranks the caption of a picture among captions of other pictures.

export interface Candidate {
  readonly caption: string;
  readonly isTrue: boolean;
}

export interface Ranked extends Candidate {
  /** Cosine. */
  readonly similarity: number;
}

/** The true caption and others, none of them twice: two pictures may be told in the same words. */
export function candidatesOf(caption: string, others: readonly string[]): readonly Candidate[] {
  const distinct = [...new Set(others)].filter((other) => other !== caption);
  return [{ caption, isTrue: true }, ...distinct.map((other) => ({ caption: other, isTrue: false }))];
}

/**
 * The most similar first.
 *
 * @param texts  a feature of unit length of each candidate
 * @param media  that of the picture or clip
 */
export function rank(
  candidates: readonly Candidate[],
  texts: readonly (readonly number[])[],
  media: readonly number[],
): readonly Ranked[] {
  const similarity = (text: readonly number[]) => text.reduce((sum, value, i) => sum + value * (media[i] as number), 0);
  return candidates
    .map((candidate, i) => ({ ...candidate, similarity: similarity(texts[i] as readonly number[]) }))
    .sort((a, b) => b.similarity - a.similarity);
}

/** From 1. */
export const rankOfTrue = (ranked: readonly Ranked[]): number => ranked.findIndex(({ isTrue }) => isTrue) + 1;
