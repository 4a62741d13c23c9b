import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from './manifest.js';

const read = (...rows: readonly object[]) => parseManifest(rows.map((row) => JSON.stringify(row)).join('\n'), 'jsonl');
const questionsOf = (...rows: readonly object[]) => {
  const { items, flaws } = read(...rows);
  assert.deepEqual(flaws, []);
  return items.flatMap(({ questions }) => questions);
};

test('a question stands beside its answer, or a list of answers, or none', () => {
  assert.deepEqual(
    questionsOf(
      { image: 'a.jpg', question: ' what is it ', answer: 'a cat ' },
      { image: 'b.jpg', question: 'how many', answers: ['2', 2, 'two'] },
      { image: 'c.jpg', question: 'why' },
      { image: 'd.jpg', question: 'how many', answer: 0 },
    ),
    [
      { id: 'a.jpg#1', question: 'what is it', answers: ['a cat'] },
      { id: 'b.jpg#1', question: 'how many', answers: ['2', '2', 'two'] },
      { id: 'c.jpg#1', question: 'why', answers: [] },
      { id: 'd.jpg#1', question: 'how many', answers: ['0'] },
    ],
  );
});

test('questions are a list of objects or texts, or a single one', () => {
  const type = 'other';
  assert.deepEqual(
    questionsOf(
      {
        image: 'a.jpg',
        questions: [{ question: 'one', answer: 'x', type }, { question: 'two', answers: ['x', 'y'], id: 7 }, 'three'],
      },
      { image: 'b.jpg', questions: { question: 'four', question_id: 'q4', id: 'other', type: 3 } },
    ),
    [
      { id: 'a.jpg#1', question: 'one', answers: ['x'], type },
      { id: '7', question: 'two', answers: ['x', 'y'] },
      { id: 'a.jpg#3', question: 'three', answers: [] },
      { id: 'q4', question: 'four', answers: [] },
    ],
  );
});

test('ids of questions are kept, and made from the item’s where there are none, over all rows of a file', () => {
  const rows = [
    { id: 'v1', video: 'a.mp4', question: 'one', answer: 'x', question_id: 70 },
    { id: 'v1', video: 'a.mp4', question: 'two', answer: 'x' },
    { id: 'v1', video: './a.mp4', questions: [{ question: 'three' }] },
  ];
  const { items, flaws } = read(...rows);
  assert.deepEqual(flaws, []);
  assert.deepEqual(
    items.map(({ media, kind, questions }) => [media, kind, ...questions.map(({ id }) => id)]),
    [['a.mp4', 'video', '70', 'v1#2', 'v1#3']],
  );
});

test('captions and questions of a file are read from one row or from several', () => {
  const { items, flaws } = read(
    { image: 'a.jpg', caption: 'a cat', question: 'what is it', answer: 'cat' },
    { image: 'b.jpg', question: 'what is it', answer: 'dog' },
    { image: 'b.jpg', captions: ['a dog'] },
  );
  assert.deepEqual(flaws, []);
  assert.deepEqual(
    items.map(({ captions, questions }) => [captions, questions.map(({ answers }) => answers)]),
    [
      [['a cat'], [['cat']]],
      [['a dog'], [['dog']]],
    ],
  );
});

test('CSV: a question and an answer a row, an empty cell is no answer', () => {
  const text = 'clip,question,answer,qid\na.mp4,"what, then",run,\na.mp4,who,,9\nb.mp4,what,sit,\n';
  const { items, flaws } = parseManifest(text, 'csv');
  assert.deepEqual(flaws, []);
  assert.deepEqual(
    items.map(({ media, kind, questions }) => ({ media, kind, questions })),
    [
      {
        ...{ media: 'a.mp4', kind: 'video' },
        questions: [
          { id: 'a.mp4#1', question: 'what, then', answers: ['run'] },
          { id: '9', question: 'who', answers: [] },
        ],
      },
      { media: 'b.mp4', kind: 'video', questions: [{ id: 'b.mp4#1', question: 'what', answers: ['sit'] }] },
    ],
  );
});

test('what cannot be a question or an answer is a flaw of its line, and the good ones remain', () => {
  const { items, flaws } = read(
    { image: 'a.jpg', question: ' ', answer: 'x' },
    { image: 'b.jpg', question: 'what', answer: '' },
    {
      image: 'c.jpg',
      questions: [{ question: 'fine', answer: 'x' }, { answer: 'y' }, 7, null, { question: 'q', answers: ['x', {}] }],
    },
    { image: 'd.jpg', answer: 'x' },
    { image: 'e.jpg', questions: [] },
    { image: 'f.jpg', captions: [], question: 'what', answer: 'x' },
    { image: 'g.jpg', caption: 'words', questions: [] },
  );
  assert.deepEqual(
    flaws.map(({ line, media, what, got }) => `${line} ${media} ${what}: ${got}`),
    [
      '1 a.jpg has an empty question: " "',
      '2 b.jpg has an empty answer: ""',
      '3 c.jpg has an empty question: nothing',
      '3 c.jpg has an empty question: null',
      '3 c.jpg has an empty answer: ["x",{}]',
      '4 d.jpg has an empty question: nothing',
      '5 e.jpg has an empty caption: nothing',
    ],
  );
  assert.deepEqual(
    items.map(({ media, questions }) => [media, ...questions.map(({ question }) => question)]),
    [['c.jpg', 'fine', '7'], ['f.jpg', 'what'], ['g.jpg']],
  );
});
