// What a training tells of itself in words: a loss that does not fall, scores that fall, an end before its time.

import type { DecidedRecipe } from '../../recipe/index.js';
import type { NoticeEvent } from './events.js';
import type { TrainState } from './state.js';

/** Steps whose losses are averaged, in a run that has so many: fewer say little. */
const WINDOW = 20;
const LEAST = 3;
/** A mean that is higher by this factor has risen; one that is not below this factor has not fallen. */
const RISEN = 1.1;
const NOT_FALLEN = 0.98;
/** A last score below this share of the best has fallen. */
const FALLEN = 0.95;

/** Told after each step: what there is to say of the loss, once in a run. */
export type LossWatch = (step: number, loss: number) => Iterable<NoticeEvent>;

/**
 * Compares the loss with that of the first steps, once the learning rate is at its highest and the queue is full: negatives
 * that come make the loss larger.
 *
 * @param first  steps done before; a loss that was seen from later on may well stay where it is
 */
export function lossWatch(
  { optimiser, train, retrieval, task }: DecidedRecipe,
  { steps, first }: { readonly steps: number; readonly first: number },
): LossWatch {
  const filled = task === 'retrieval' ? Math.ceil(retrieval.queue / train.batch) : 0;
  const from = Math.max(first, filled);
  const window = Math.max(LEAST, Math.min(WINDOW, Math.floor(steps / 6)));
  const [early, late]: [number[], number[]] = [[], []];
  let isSaid = false;
  return function* watch(step, loss) {
    if (step <= from) return;
    if (early.length < window) early.push(loss);
    late.push(loss);
    if (late.length > window) late.shift();
    const isSettled = step > from + 2 * window && step > optimiser.warmupSteps + window;
    if (isSaid || !isSettled || (step % window !== 0 && step !== steps)) return;
    const [before, now] = [mean(early), mean(late)];
    const hasRisen = now > RISEN * before && step >= steps / 2;
    if (!hasRisen && (step < steps || first > 0 || now <= NOT_FALLEN * before)) return;
    isSaid = true;
    yield { type: 'notice', step, about: 'loss', text: lossText({ before, now, hasRisen }, optimiser.learningRate) };
  };
}

interface Course {
  readonly before: number;
  readonly now: number;
  readonly hasRisen: boolean;
}

function lossText({ before, now, hasRisen }: Course, learningRate: number): string {
  const means = `${before.toFixed(2)} at first, ${now.toFixed(2)} now`;
  const rate = (factor: number) => `optimiser.learningRate=${Number((learningRate * factor).toPrecision(1))}`;
  return hasRisen
    ? `The loss rises: ${means}. Try a lower learning rate, such as ${rate(1 / 3)}.`
    : `The loss has not fallen: ${means}. Try a higher learning rate, such as ${rate(3)}, or more train.epochs.`;
}

/** After the last evaluation. @param score  that of the last parameters */
export function* fallenScores({ best, step }: TrainState, score: number): Iterable<NoticeEvent> {
  if (!best || score >= FALLEN * best.score) return;
  const text =
    `On the validation split the score has fallen from ${best.score.toFixed(1)} after epoch ${best.epoch + 1} to ${score.toFixed(1)}: ` +
    `the adapter is that of epoch ${best.epoch + 1}. Fewer train.epochs or a lower optimiser.learningRate may give a better one.`;
  yield { type: 'notice', step, about: 'scores', text };
}

/** What is said when patience is at its end. @param epoch  the last one, from 0 */
export function stoppedEarly({ train }: DecidedRecipe, { best, step }: TrainState, epoch: number): NoticeEvent {
  const kept = (best?.epoch ?? epoch) + 1;
  const text =
    `Stopped after epoch ${epoch + 1} of ${train.epochs}: ${train.patience} evaluations in a row were no better than that of epoch ${kept}, ` +
    `whose adapter is kept. train.patience=0 trains to the end.`;
  return { type: 'notice', step, about: 'stopped', text };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
