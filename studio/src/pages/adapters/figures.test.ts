import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf, figureText, groupsOf, headlines } from './figures.js';

const RETRIEVAL = { 'textToMedia R@1': 61.75, 'textToMedia medianRank': 1, 'mediaToText R@1': 59.8 };

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
  assert.deepEqual(names({ CIDEr: 1.04, 'BLEU-1': 0.7, 'BLEU-2': 0.5 }), ['CIDEr', 'BLEU-1']);
});
