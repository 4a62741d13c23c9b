// Scores of each task as a table, a line and a sentence.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScoresOf } from '../../evaluate/index.js';
import { scoredText } from '../../evaluate/index.js';
import { scoreLine, scoreTable, styleOf } from './index.js';

const style = styleOf({ colours: false });
const coloured = styleOf({ colours: true });
const images = { items: 400, frames: null, frameAware: false };
const clips = { items: 20, frames: 8, frameAware: true };

function retrieval(r: number, rank: number, looked: typeof images | typeof clips = images): ScoresOf<'retrieval'> {
  const recalls = { 'R@1': r, 'R@5': r, 'R@10': r, medianRank: rank, meanRank: rank + 0.5 };
  const both = { textToMedia: recalls, mediaToText: { ...recalls, 'R@1': r / 2 } };
  return { task: 'retrieval', ...both, firstStage: both, texts: 401, ...looked };
}
const answering = (accuracy: number, byType: Record<string, number> = {}): ScoresOf<'answering'> => ({
  ...{ task: 'answering', metric: 'vqa', accuracy, byType, questions: 60, inference: 'rank', ...clips },
});
const captioning = (CIDEr: number): ScoresOf<'captioning'> => ({
  ...{ task: 'captioning', CIDEr, BLEU: [70, 50, 40, 30.25], references: 2000, ...images },
});

test('recalls show what was gained, and a smaller rank is better', () => {
  const text = scoreTable({ before: retrieval(8.24, 20), after: retrieval(71, 1) }, style);
  assert.match(
    text,
    /text → image {2}before +8\.2 +8\.2 +8\.2 +20\.0 +20\.5\n +after +71\.0.*\n +gain +\+62\.8 .* −19\.0 +−19\.0$/m,
  );
  assert.match(text, /image → text {2}before +4\.1/);
  const green = scoreTable({ before: retrieval(8, 20), after: retrieval(71, 1) }, coloured);
  assert.ok(green.includes('\x1b[32m−19.0') && !green.includes('\x1b[31m'));
});

test('clips are called videos', () => {
  const text = scoreTable({ test: retrieval(50, 1, clips) }, style);
  assert.match(text, /text → video {2}test {2}50\.0[\s\S]*video → text {2}test {2}25\.0/);
  assert.ok(!text.includes('gain'), 'one column gains nothing');
});

test('other figures stand below each other, each with its gain; types may be missing in one of them', () => {
  const before = answering(40, { number: 30, other: 50 });
  assert.equal(
    scoreTable({ before, after: answering(45.25, { number: 20 }) }, style),
    `                   before  after   gain
  accuracy           40.0   45.3   +5.3
  accuracy number    30.0   20.0  −10.0
  accuracy other     50.0`,
  );
  assert.equal(
    scoreTable({ test: captioning(101.5) }, style),
    `           test
  CIDEr   101.5
  BLEU-1   70.0
  BLEU-2   50.0
  BLEU-3   40.0
  BLEU-4   30.3`,
  );
});

test('a loss is red and a gain green, whatever the figure', () => {
  const table = scoreTable({ before: captioning(80), after: captioning(60) }, coloured);
  assert.ok(table.includes('\x1b[31m−20.0') && !table.includes('\x1b[32m'));
  assert.ok(scoreTable({ before: captioning(60), after: captioning(80) }, coloured).includes('\x1b[32m+20.0'));
});

test('scores in one line', () => {
  assert.equal(
    scoreLine(retrieval(50, 3, clips)),
    'R@1/5/10 text → video 50.0 / 50.0 / 50.0, video → text 25.0 / 50.0 / 50.0',
  );
  assert.equal(scoreLine(answering(61.26)), 'VQA accuracy 61.3 %');
  assert.equal(scoreLine({ ...answering(44.7), metric: 'exact' }), 'exact match 44.7 %');
  assert.equal(scoreLine(captioning(133.3)), 'CIDEr 133.3, BLEU-4 30.3');
});

test('what was scored, in words', () => {
  assert.equal(scoredText(retrieval(1, 1)), '400 images and 401 captions');
  assert.equal(scoredText(retrieval(1, 1, clips)), '20 videos and 401 captions, 8 frames of each, weighed');
  assert.equal(
    scoredText(answering(1)),
    '60 questions about 20 videos, 8 frames of each, weighed, answers chosen from a list',
  );
  assert.equal(
    scoredText({ ...answering(1), ...clips, frameAware: false, inference: 'generate' }),
    '60 questions about 20 videos, 8 frames of each, answers written',
  );
  assert.equal(scoredText(captioning(1)), '400 images with 2000 captions to compare with');
});
