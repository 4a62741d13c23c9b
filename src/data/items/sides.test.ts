import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item } from './item.js';
import { saysSides, sidedTexts } from './sides.js';

test('left and right are told in many languages, as words and not as parts of words', () => {
  const sided = [
    'a cat on the LEFT of a dog',
    'ein Hund rechts neben der linken Tür',
    'un chat à gauche',
    'el perro está a la derecha',
    'a sinistra del tavolo',
    'à direita da mesa',
    'собака слева',
    'köpek sağda',
    '一只猫在左边',
    '犬は右にいる',
    '고양이는 왼쪽에 있다',
    'con mèo ở bên trái',
    'ha\u0308nger till va\u0308nster', // in another Unicode form
  ];
  for (const text of sided) assert.ok(saysSides(text), text);
  for (const text of ['a bright light above', 'copyright', 'cleft stick', 'el sol', 'vasen', ''])
    assert.ok(!saysSides(text), text);
});

test('captions are counted, or questions with their answers, with an example', () => {
  const item = {
    captions: ['a cat', 'left'],
    questions: [{ question: 'where is it', answers: ['right'] }],
  } as unknown as Item;
  assert.deepEqual(sidedTexts([item, item], 'captions'), { texts: 2, example: 'left' });
  assert.deepEqual(sidedTexts([item], 'questions'), { texts: 1, example: 'where is it · right' });
  assert.deepEqual(sidedTexts([], 'captions'), { texts: 0, example: null });
});
