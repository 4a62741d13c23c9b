import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf, figuresOfScores, figureText, groupsOf, headlines, namedText } from './figures.js';

const RETRIEVAL = { 'textToMedia R@1': 61.75, 'textToMedia medianRank': 1, 'mediaToText R@1': 59.8 };
const CAPTIONING = { CIDEr: 104.2, 'BLEU-1': 70.1, 'BLEU-2': 50.4 };

test('scores of a search say in words what they measure, both ways beside each other', () => {
  const groups = groupsOf(figuresOf(RETRIEVAL));
  assert.deepEqual(
    groups.map(([group, figures]) => [group, figures.map((figure) => `${figure.name} ${figureText(figure)}`)]),
    [
      ['text → media', ['R@1 61.8\u00a0%', 'median rank 1']],
      ['media → text', ['R@1 59.8\u00a0%']],
    ],
  );
});

test('a list shows how often the first is right; where nothing says so, the first two scores', () => {
  const names = (scores: Readonly<Record<string, number>>) =>
    headlines(figuresOf(scores)).map(({ group, name }) => `${group} ${name}`.trim());
  assert.deepEqual(names(RETRIEVAL), ['text → media R@1', 'media → text R@1']);
  assert.deepEqual(names({ accuracy: 45.6, 'accuracy colour': 70 }), ['right answers']);
  assert.deepEqual(names(CAPTIONING), ['CIDEr', 'BLEU-1']);
});

test('of captions BLEU is percent, CIDEr is none', () => {
  assert.deepEqual(figuresOf(CAPTIONING).map(namedText), ['CIDEr 104.2', 'BLEU-1 70.1\u00a0%', 'BLEU-2 50.4\u00a0%']);
});

test('an evaluation says what it looked at; a type of question speaks for itself', () => {
  const looked = { items: 40, frames: 4, frameAware: false };
  const way = { 'R@1': 50, 'R@5': 80, 'R@10': 90, medianRank: 1, meanRank: 2.25 };
  const ways = { textToMedia: way, mediaToText: way };
  const found = figuresOfScores({ task: 'retrieval', ...looked, ...ways, firstStage: ways, texts: 40 });
  assert.deepEqual(headlines(found).map(namedText), ['text → clip R@1 50.0\u00a0%', 'clip → text R@1 50.0\u00a0%']);
  assert.deepEqual(figuresOf({ accuracy: 45.6, 'accuracy colour': 70 }).map(namedText), [
    'right answers 45.6\u00a0%',
    'colour 70.0\u00a0%',
  ]);
});
