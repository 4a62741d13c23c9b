import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contractions } from './contractions.js';
import { exactMatch, normaliseAnswer, vqaAccuracy, vqaScores } from './index.js';

const cases: readonly (readonly [string, string])[] = [
  ['The  red Car', 'red car'],
  ['none', '0'],
  ['Ten dogs', '10 dogs'],
  ['dont know', "don't know"],
  ["couldn'tve", "couldn't've"],
  ['yall', "y'all"],
  ['2:50 p.m.', '2:50 pm'],
  ["girl's", "girl's"],
  ['3.5', '3.5'],
  ['end.', 'end'],
  ['100,978', '100978'], // a comma between digits leaves no space …
  ['red,blue', 'red blue'], // … between letters it does
  ['red, blue', 'red blue'],
  ['left/right', 'left right'],
  ['1,000-2,000', '10002000'], // and takes every other mark with it
  ['t-shirt', 't shirt'],
  ['\tyes\n', 'yes'],
  ['a', ''],
];

for (const [answer, expected] of cases)
  test(`the official normalisation of ${JSON.stringify(answer)} is ${JSON.stringify(expected)}`, () => {
    assert.equal(normaliseAnswer(answer), expected);
  });

test('contractions add apostrophes and nothing else, but for the one that the official table has reversed', () => {
  assert.equal(contractions.size, 114);
  for (const [bare, full] of contractions)
    if (bare !== "somebody'd") {
      assert.equal(bare.replaceAll("'", ''), full.replaceAll("'", ''));
      assert.ok(full.length > bare.length);
    }
});

const ten = (...groups: readonly (readonly [string, number])[]): string[] =>
  groups.flatMap(([answer, count]) => Array<string>(count).fill(answer));

test('with n of ten annotators on its side an answer scores 0, 0.3, 0.6, 0.9, 1', () => {
  const score = (n: number) => vqaAccuracy('red', ten(['red', n], ['blue', 10 - n]));
  for (const [n, expected] of [0, 0.3, 0.6, 0.9, 1, 1].entries()) assert.ok(Math.abs(score(n) - expected) < 1e-12);
  assert.equal(score(10), 1);
});

test('accuracy equals leaving each annotator out in turn, by hand', () => {
  const answers = fc.array(fc.constantFrom('red', 'blue', 'dark red', '2'), { minLength: 4, maxLength: 10 });
  fc.assert(
    fc.property(answers, fc.constantFrom('red', 'two', 'the blue', 'green'), (annotators, answer) => {
      const given = { red: 'red', two: '2', 'the blue': 'blue', green: 'green' }[answer];
      const each = annotators.map((_, out) => {
        const others = annotators.filter((_, i) => i !== out);
        const agree = annotators.every((other) => other === annotators[0]);
        return Math.min(1, others.filter((other) => other === (agree ? answer : given)).length / 3);
      });
      const mean = each.reduce((a, b) => a + b, 0) / each.length;
      assert.ok(Math.abs(vqaAccuracy(answer, annotators) - mean) < 1e-12);
    }),
  );
});

test('both sides are normalised where annotators disagree, and neither where they agree, as officially', () => {
  assert.equal(vqaAccuracy('t-shirt', ten(['t-shirt', 10])), 1);
  assert.equal(vqaAccuracy('t shirt', ten(['t-shirt', 10])), 0);
  assert.equal(vqaAccuracy('t-shirt', ten(['t-shirt', 9], ['coat', 1])), 1);
  assert.equal(vqaAccuracy('the coat', ten(['the coat', 10])), 1);
  assert.equal(vqaAccuracy('coat', ten(['the coat', 9], ['hat', 1])), 1);
  assert.equal(vqaAccuracy('two', ten(['2', 5], ['Two', 4], ['3', 1])), 1);
});

test('few annotators can all be satisfied: two or three by agreeing with all of the others, one alone exactly', () => {
  assert.equal(vqaAccuracy('on the left', ['on the left']), 1);
  assert.equal(vqaAccuracy('The  cat', ['the cat']), 1);
  assert.equal(vqaAccuracy('left', ['on the left']), 0);
  assert.equal(vqaAccuracy('red', ['red', 'red']), 1);
  assert.equal(vqaAccuracy('red', ['red', 'blue']), 0.5);
  assert.equal(vqaAccuracy('red', ['red', 'red', 'red']), 1);
  assert.ok(Math.abs(vqaAccuracy('red', ['red', 'red', 'orange']) - 2 / 3) < 1e-12);
  assert.equal(vqaAccuracy('green', ['red', 'red', 'orange']), 0);
});

test('scores are percent, over all questions and by type', () => {
  const scores = vqaScores([
    { answer: 'yes', annotators: ten(['yes', 10]), type: 'yes/no' },
    { answer: 'no', annotators: ten(['yes', 10]), type: 'yes/no' },
    { answer: 'two', annotators: ten(['2', 9], ['3', 1]), type: 'number' },
    { answer: 'red', annotators: ten(['red', 10]) },
  ]);
  assert.deepEqual(scores, { accuracy: 75, byType: { 'yes/no': 50, number: 100 } });
  assert.throws(() => vqaScores([]), { code: 'data' });
  assert.throws(() => vqaAccuracy('yes', []), { code: 'data' });
});

test('exact match is all or nothing', () => {
  assert.equal(exactMatch(['Dog', 'a  dog', 'dogs', 'cat'], ['dog', 'a dog', 'dog', 'cat']), 75);
  assert.throws(() => exactMatch(['dog'], []), { code: 'data' });
  assert.throws(() => exactMatch([], []), { code: 'data' });
});
