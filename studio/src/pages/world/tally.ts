// How often a model was right over the seeds that were looked at.

/** What one model said about one seed. */
export interface Outcome {
  readonly answers: readonly { readonly type: string; readonly isRight: boolean }[];
  /** Of the true caption, and among how many; null where the model does not rank. */
  readonly ranking: { readonly rank: number; readonly among: number } | null;
}

export interface Score {
  readonly right: number;
  readonly all: number;
}

export interface Tally {
  readonly seeds: number;
  readonly answers: Score;
  readonly byType: readonly (readonly [string, Score])[];
  /** How often the true caption came first. */
  readonly first: Score;
  /** How often it would by chance, between 0 and 1. */
  readonly firstByChance: number;
}

/** @param outcomes  of one model by seed */
export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const answers = outcomes.flatMap((outcome) => outcome.answers);
  const rankings = outcomes.flatMap(({ ranking }) => ranking ?? []);
  const types = [...new Set(answers.map(({ type }) => type))].sort();
  const chances = rankings.reduce((sum, { among }) => sum + 1 / among, 0);
  return {
    seeds: outcomes.length,
    answers: scoreOf(answers.map(({ isRight }) => isRight)),
    byType: types.map((type) => [
      type,
      scoreOf(answers.filter((answer) => answer.type === type).map(({ isRight }) => isRight)),
    ]),
    first: scoreOf(rankings.map(({ rank }) => rank === 1)),
    firstByChance: rankings.length ? chances / rankings.length : 0,
  };
}

const scoreOf = (outcomes: readonly boolean[]): Score => ({
  right: outcomes.filter(Boolean).length,
  all: outcomes.length,
});
