// A curve made smooth enough to be read.

/**
 * Running mean that forgets: each value counts less by a constant factor per step, without the pull towards zero that
 * such means have at the start.
 *
 * @param span  how many of the newest values make most of the mean; 1 = no smoothing
 */
export function smoothed(values: readonly number[], span: number): number[] {
  const keep = 1 - 1 / Math.max(1, span);
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum = keep * sum + value;
    weight = keep * weight + 1;
    return sum / weight;
  });
}

/** A span that follows a run of any length: a fifteenth of it, and never less than makes a curve of noise. */
export const spanOf = (steps: number): number => Math.max(4, Math.round(steps / 15));
