// What is said of scores: fallen, level, risen, no better than without looking, too few.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnsweringScores,
  type Baseline,
  changeOf,
  type RetrievalScores,
  remarksOf,
  type Standing,
} from './index.js';
import { wilson } from './metric/index.js';

const looked = { items: 100, frames: null, frameAware: false };

function standing(percent: number, n: number, baselines: Partial<Record<Baseline, number>> = {}): Standing {
  const [low, high] = wilson(percent / 100, n);
  return { n, interval: [100 * low, 100 * high], baselines };
}

function answering(accuracy: number, n: number, baselines: Partial<Record<Baseline, number>> = {}): AnsweringScores {
  return {
    ...{ task: 'answering', metric: 'exact', accuracy, byType: {}, questions: n, inference: 'rank', ...looked },
    standing: { accuracy: standing(accuracy, n, baselines) },
  };
}

function retrieval(r1: number, n: number): RetrievalScores {
  const recalls = { 'R@1': r1, 'R@5': 90, 'R@10': 95, medianRank: 1, meanRank: 2 };
  const ways = { textToMedia: recalls, mediaToText: recalls };
  const own = standing(r1, n, { chance: 100 / n });
  return {
    ...{ task: 'retrieval', ...ways, firstStage: ways, texts: n, ...looked },
    standing: { 'textToMedia R@1': own, 'mediaToText R@1': own },
  };
}

const told = (...scores: Parameters<typeof remarksOf>) =>
  remarksOf(...scores).map(({ tone, text }) => `${tone}: ${text}`);

test('scores that fell are said to have fallen, with what to try; of few that it may be chance', () => {
  const [first, few] = told(retrieval(75, 8), retrieval(81, 8));
  assert.match(
    first ?? '',
    /^bad: Worse than the backbone alone: text → image R@1 81\.0 → 75\.0, .*can be chance.*learningRate/,
  );
  assert.match(few ?? '', /^note: 8 captions are too few for a score/);
  const [sure] = told(retrieval(40, 1000), retrieval(81, 1000));
  assert.match(sure ?? '', /^bad: Worse/);
  assert.doesNotMatch(sure ?? '', /chance/);
});

test('scores that rose are good news where the rise is more than chance', () => {
  assert.match(told(retrieval(80, 1000), retrieval(40, 1000))[0] ?? '', /^good: Better .* 40\.0 → 80\.0/);
  assert.match(told(retrieval(42, 1000), retrieval(40, 1000))[0] ?? '', /^note: Better .* can be chance/);
  assert.match(
    told(retrieval(40.04, 1000), retrieval(40, 1000))[0] ?? '',
    /^bad: No better/,
    'what looks the same is the same',
  );
  assert.deepEqual(changeOf(retrieval(40, 10), null), null);
});

test('who has learnt nothing is told so: true/false statements at 54.8, where the most common answer is right in 54.6', () => {
  const baselines = { chance: 50, majority: 54.6, question: 54.6 };
  assert.deepEqual(told(answering(54.8, 400, baselines), null), [
    'note: Not surely above what is scored without looking: accuracy 54.8 (49.9 to 59.6), 54.6 by the most common answer.',
  ]);
  assert.match(
    told(answering(54.6, 400, baselines), null)[0] ?? '',
    /^bad: Does not beat what is scored without looking/,
  );
  assert.match(
    told(answering(65.7, 600, { question: 68.2 }), null)[0] ?? '',
    /^bad: .*65\.7, 68\.2 by the question alone/,
  );
  assert.match(told(answering(83, 600, { question: 68.2 }), null)[0] ?? '', /^good: Above/);
});

test('re-ranking says why it is on or off, unless the recipe says so', () => {
  const stages = { firstStage: 61.24, reranked: 55, items: 40 };
  const off = { ...retrieval(61, 1000), reranking: { isOn: false, by: 'validation', stages } } as const;
  assert.deepEqual(told(off, null), [
    'note: Re-ranking is off: on 40 validation items mean recall 61.2 by similarity alone, 55.0 re-ranked.',
  ]);
  assert.deepEqual(told({ ...off, reranking: { isOn: true, by: 'recipe' } }, null), []);
});

test('scores of version 0.1, which stand beside nothing, say what they can', () => {
  const { standing: _, ...old } = retrieval(75, 8);
  const { standing: __, ...before } = retrieval(81, 8);
  assert.equal(told(old, before).length, 1);
  assert.deepEqual(told(old, null), []);
});
