// What is scored without looking: by chance, by the question alone, by one caption for all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  captionMetrics,
  chanceRecalls,
  guessFrom,
  questionOnly,
  recallsAt,
  typicalCaption,
  vqaAccuracy,
} from './index.js';

/** Ranks of the first relevant candidate in every order of all candidates. */
function everyOrder(relevant: number, candidates: number): number[] {
  const orders = (rest: readonly number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((one) => orders(rest.filter((other) => other !== one)).map((end) => [one, ...end]));
  const all = orders(Array.from({ length: candidates }, (_, i) => i));
  return all.map((order) => order.findIndex((candidate) => candidate < relevant) + 1);
}

test('chance equals the mean over all orders of the candidates', () => {
  const queries = fc.integer({ min: 1, max: 5 }).chain((candidates) =>
    fc.record({
      candidates: fc.constant(candidates),
      relevant: fc.array(fc.integer({ min: 1, max: candidates }), { minLength: 1, maxLength: 3 }),
    }),
  );
  fc.assert(
    fc.property(queries, ({ candidates, relevant }) => {
      const ranks = relevant.map((count) => everyOrder(count, candidates));
      const expected = recallsAt(Float64Array.from(ranks.flat()), [1, 2, 5]);
      const actual = chanceRecalls(relevant, candidates, [1, 2, 5]);
      for (const [name, value] of Object.entries(expected))
        assert.ok(
          Math.abs(((actual as Record<string, number>)[name] as number) - value) < 1e-9,
          `${name} of ${relevant} in ${candidates}`,
        );
    }),
  );
});

test('one picture of 400 is found first by chance in 0.25 %, its five captions among 2,000 likewise', () => {
  assert.ok(Math.abs((chanceRecalls([1, 1], 400)['R@1'] ?? 0) - 0.25) < 1e-9);
  assert.ok(Math.abs((chanceRecalls([5], 2000)['R@1'] ?? 0) - 0.25) < 1e-9);
  assert.equal(chanceRecalls([1], 400).medianRank, 200.5);
  assert.equal(chanceRecalls([1], 4)['R@10'], 100);
});

const learnt = [
  { question: 'What color is the cat?', answers: ['black'] },
  { question: 'what color is the  cat', answers: ['black', 'black', 'gray'] },
  { question: 'what color is the dog', answers: ['brown'] },
  { question: 'what color is the sky', answers: ['brown'] },
  { question: 'what animal is it', answers: ['dog'] },
  { question: 'is it red', answers: ['yes'] },
  { question: 'is it blue', answers: ['yes'] },
  { question: 'is it new', answers: ['yes'] },
  { question: 'who knows', answers: [] },
];

test('without looking, the same question is answered as it was, others as those that begin so', () => {
  const { majority, firstWords, question } = questionOnly(learnt);
  assert.equal(question('WHAT COLOR IS THE CAT'), 'black');
  assert.equal(question('what color is the bus'), 'brown'); // nobody asked: black 1.67, brown 2
  assert.equal(firstWords('what color is the cat'), 'brown');
  assert.equal(question('what animal do you see'), 'dog');
  assert.equal(question('is anything red'), 'yes');
  assert.equal(question('how many cats'), 'yes');
  assert.equal(majority('what color is the cat'), 'yes');
  assert.equal(question('who knows'), 'yes');
});

test('what nobody learnt is answered with nothing', () => {
  const guesses = questionOnly([{ question: 'who', answers: [] }]);
  assert.equal(guesses.majority('who'), '');
  assert.equal(guesses.question('constructor'), '');
});

test('of answers as common the first in the alphabet is guessed, in whichever order they come', () => {
  for (const answers of [
    ['yes', 'no'],
    ['no', 'yes'],
  ])
    assert.equal(
      questionOnly(answers.map((answer) => ({ question: 'is it', answers: [answer] }))).question('is it'),
      'no',
    );
});

test('a guess from the list scores the mean over all of the list', () => {
  const words = fc.constantFrom('red', 'two', '2', 'the red', 'blue', 'Red');
  const cases = fc.record({
    list: fc.uniqueArray(words, { minLength: 1 }),
    annotators: fc.array(words, { minLength: 1, maxLength: 10 }),
  });
  fc.assert(
    fc.property(cases, ({ list, annotators }) => {
      const mean = list.reduce((sum, answer) => sum + vqaAccuracy(answer, annotators), 0) / list.length;
      assert.ok(Math.abs(guessFrom(list)(annotators) - mean) < 1e-12);
    }),
  );
});

test('the most typical caption is one of them, and scores best of all for every picture where one is said again and again', () => {
  const captions = [
    'a red car',
    'a dog runs on grass',
    'a dog runs on the grass',
    'a dog runs on green grass',
    'two people at sea',
  ];
  const typical = typicalCaption(captions);
  const score = (caption: string) =>
    captionMetrics(
      captions.map(() => caption),
      captions.map((own) => [own]),
    ).CIDEr;
  assert.equal(score(typical), Math.max(...captions.map(score)));
  assert.equal(typicalCaption(['only one']), 'only one');
  assert.equal(typicalCaption(['', '']), '');
  assert.ok(typicalCaption(Array.from({ length: 5001 }, (_, i) => `picture ${i % 7}`)).startsWith('picture'));
});
