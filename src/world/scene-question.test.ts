import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stream } from '../random/index.js';
import { assertAtChance, mean, nounsIn } from './guess.test-support.js';
import { isHeldOut, type Mode, TINTS, type Tint } from './kinds.js';
import { drawScene, type Scene } from './scene.js';
import { ask, SCENE_FORMS, type SceneQuestionType } from './scene-question.js';
import type { Thing } from './thing.js';
import { answers, words } from './words.js';

const asked = (scenes: number, count = 3, mode: Mode = 'train', domain: 'noto' | 'fluent3d' = 'fluent3d') =>
  Array.from({ length: scenes }, (_, index) => {
    const scene = drawScene(domain, 6, index, mode);
    return { scene, questions: ask(scene, domain, stream(6, 'questions', index), { count }) };
  });

const tintIn = (text: string) => TINTS.find((tint) => text.includes(` ${tint}`));

/** Answers a question by reading it and looking at the things: written from the English alone. */
function answerOf(question: string, { things }: Scene): string {
  const [first = '', second = ''] = nounsIn(question);
  const [a, b] = [first, second].map((noun) => things.find((thing) => thing.noun === noun));
  const tint = tintIn(question);
  const ask = (pattern: RegExp) => pattern.test(question);
  const yes = (truth: boolean) => (truth ? 'yes' : 'no');
  const side = /to the (left) of|on the (left) side|to the (right) of|on the (right) side|(above|over)|(below|under)/
    .exec(question)
    ?.slice(1)
    .find(Boolean);
  const off: Readonly<Record<string, (p: Thing, q: Thing) => number>> = {
    left: (p, q) => q.x - p.x,
    right: (p, q) => p.x - q.x,
    above: (p, q) => q.y - p.y,
    over: (p, q) => q.y - p.y,
    below: (p, q) => p.y - q.y,
    under: (p, q) => p.y - q.y,
  };

  if (ask(/^how many (objects|things)/)) return `${things.length}`;
  if (ask(/^how many/)) return `${things.filter(({ noun }) => noun === first).length}`;
  if (ask(/larger|bigger|smaller/)) {
    const [p, q] = [a, b].sort((m, n) => (n?.edge ?? 0) - (m?.edge ?? 0));
    return (ask(/smaller/) ? q : p)?.noun ?? '';
  }
  if (side && second) return yes(!!a && !!b && (off[side]?.(a, b) ?? 0) > 0.2);
  if (side && a) {
    const there = things.filter((other) => other !== a && (off[side]?.(other, a) ?? 0) > 0.05);
    assert.ok(there.length <= 1, question);
    return there[0]?.noun ?? 'nothing';
  }
  if (ask(/^where|^in which part/)) {
    const word = (at: number, names: readonly string[]) => (at < 0.36 ? names[0] : at > 0.64 ? names[1] : '');
    return `${word(a?.y ?? 0, ['top', 'bottom'])} ${word(a?.x ?? 0, ['left', 'right'])}`.trim() || 'center';
  }
  if (ask(/^(which|what).*(object|thing)/)) return things.find((thing) => thing.tint === tint)?.noun ?? '';
  if (ask(/^(what|which).*color/)) return a?.tint ?? '';
  if (tint) return yes(things.some((thing) => thing.noun === first && thing.tint === tint));
  if (first) return yes(!!a);
  return things[0]?.noun ?? '';
}

test('every answer is what a reader of the question sees in the scene', () => {
  for (const { scene, questions } of asked(1200, 11))
    for (const { question, answer } of questions) assert.equal(answer, answerOf(question, scene), question);
});

test('a guesser who has learnt all questions but sees no picture is at chance in every type', () => {
  for (const count of [3, 11]) {
    const questions = asked(7000, count).flatMap(({ questions }) => questions);
    assertAtChance(questions, SCENE_FORMS, 0.05);
  }
});

test('naming any other thing does not answer what is beside one, and both words of a binding are there', () => {
  const scenes = asked(3000, 11);
  const rate = (type: SceneQuestionType, isRight: (scene: Scene, question: string, answer: string) => number) =>
    mean(
      scenes.flatMap(({ scene, questions }) =>
        questions.filter((q) => q.type === type).map((q) => isRight(scene, q.question, q.answer)),
      ),
    );
  const another = ({ things }: Scene, question: string, answer: string) => {
    const others = things.filter(({ noun }) => noun !== nounsIn(question)[0]);
    return others.filter(({ noun }) => noun === answer).length / others.length;
  };
  assert.ok(rate('relation', another) < 0.5);
  const bothAreThere = ({ things }: Scene, question: string) =>
    Number(
      [tintIn(question), ...nounsIn(question)].every((word) => things.some((t) => t.tint === word || t.noun === word)),
    );
  assert.equal(rate('binding', bothAreThere), 1);
});

test('questions of training never speak of a held-out pair, nor those of compositions of a trained one by a no', () => {
  for (const mode of ['train', 'composition'] as const)
    for (const { questions } of asked(800, 11, mode))
      for (const { type, question } of questions) {
        const [noun = ''] = nounsIn(question);
        if (type === 'binding')
          assert.equal(isHeldOut(noun, tintIn(question) as Tint), mode === 'composition', question);
      }
});

test('weights choose the types and how often each is asked', () => {
  const weights = { where: 3, exists: 1 };
  const types = Array.from({ length: 4000 }, (_, index) => {
    const scene = drawScene('noto', 8, index, 'train');
    return scene.type === 'single' ? ask(scene, 'noto', stream(8, 'q', index), { count: 1, weights }) : [];
  }).flatMap((questions) => questions.map(({ type }) => type));
  assert.deepEqual([...new Set(types)].sort(), ['exists', 'where']);
  const where = types.filter((type) => type === 'where').length / types.length;
  assert.ok(Math.abs(where - 0.75) < 0.05, `${where}`);
});

test('all words and answers are known, and every known answer occurs', () => {
  const known = new Set(words());
  for (const domain of ['noto', 'fluent3d'] as const) {
    const given = new Set<string>();
    for (const { questions } of asked(2500, 11, 'train', domain))
      for (const { question, answer } of questions) {
        given.add(answer);
        for (const word of `${question} ${answer}`.split(' ')) assert.ok(known.has(word), `"${word}" in "${question}"`);
      }
    assert.deepEqual([...given].sort(), [...answers(domain, 'image')].sort());
  }
  assert.equal(answers('noto', 'image').length, 151);
});
