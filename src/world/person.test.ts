import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stream } from '../random/index.js';
import { assertAtChance } from './guess.test-support.js';
import { drawPerson, type Person } from './person.js';
import { describePerson } from './person-caption.js';
import {
  askPersonClip,
  describePersonClip,
  drawPersonClip,
  PERSON_CLIP_FORMS,
  type PersonClip,
  twinPersonClip,
} from './person-clip.js';
import { askPerson, PERSON_FORMS } from './person-question.js';
import { answers, words } from './words.js';

const people = (count: number) => Array.from({ length: count }, (_, index) => drawPerson(2, index));
const clips = (count: number, frames = 8) =>
  Array.from({ length: count }, (_, index) => drawPersonClip(2, index, frames));
const asked = (person: Person, index: number) => askPerson(person, stream(2, 'questions', index), { count: 9 });
const askedOfClip = (clip: PersonClip, index: number, count = 9) =>
  askPersonClip(clip, stream(2, 'questions', index), { count });

/** Answers a question about a picture by reading it: written from the English alone. */
function answerOf(question: string, person: Person): string {
  const asks = (pattern: RegExp) => pattern.test(question);
  const yes = (truth: boolean) => (truth ? 'yes' : 'no');
  if (asks(/clean shaven/)) return yes(person.beard === null);
  const [, beard] = / a (moustache|full|long|goatee)/.exec(question) ?? [];
  if (beard) return yes(person.beard === beard);
  if (asks(/hair/)) return person.hairColour;
  if (asks(/color/)) return person.garmentColour;
  if (asks(/wear|clothing/)) return person.garment;
  const [, mood] = /(laughing|smiling|angry|surprised|sad)/.exec(question) ?? [];
  return mood ? yes(person.mood === mood) : person.mood;
}

/** The same for a clip, from its frames. */
function answerOfClip(question: string, { frames }: PersonClip): string {
  const moods = frames.map(({ mood }) => mood);
  const asked = question.match(/laughing|smiling|angry|surprised|sad/g) ?? [];
  if (/wink|eye/.test(question)) return frames.some(({ winks }) => winks) ? 'yes' : 'no';
  const [a = -1, b = -1] = asked.map((mood) => moods.findIndex((seen) => seen === mood));
  if (asked.length) return (question.includes(' after ') ? a > b : a < b) ? 'yes' : 'no';
  return (/start|first/.test(question) ? moods[0] : moods.at(-1)) ?? '';
}

test('every answer about a picture is what a reader of the question sees', () => {
  for (const [index, person] of people(1000).entries())
    for (const { question, answer } of asked(person, index)) assert.equal(answer, answerOf(question, person), question);
});

test('every answer about a clip is what its frames show, and another one when moods come the other way round', () => {
  for (const frames of [4, 8, 15])
    for (const [index, clip] of clips(500, frames).entries()) {
      assert.equal(clip.frames.length, frames);
      assert.equal(clip.frames.filter(({ winks }) => winks).length, clip.type === 'wink' ? 1 : 0);
      const twin = twinPersonClip(clip);
      if (twin) assert.deepEqual(twin.frames, [...clip.frames].reverse());
      for (const { type, question, answer } of askedOfClip(clip, index)) {
        assert.equal(answer, answerOfClip(question, clip), question);
        if (twin && type !== 'winks') assert.notEqual(answer, answerOfClip(question, twin), question);
      }
    }
});

test('a guesser who has learnt all questions but sees nobody is at chance in every type', () => {
  assertAtChance(people(6000).flatMap(asked), PERSON_FORMS, 0.04);
  for (const count of [3, 9]) {
    const questions = clips(6000).flatMap((clip, index) => askedOfClip(clip, index, count));
    assertAtChance(questions, PERSON_CLIP_FORMS, 0.06);
  }
});

test('captions differ, tell what they should in at most 30 known words, and say nothing of gender', () => {
  const known = new Set(words());
  for (const word of ['man', 'woman', 'he', 'she', 'his', 'her', 'boy', 'girl']) assert.ok(!known.has(word));
  const check = (captions: readonly string[]) => {
    assert.equal(new Set(captions).size, 5);
    for (const caption of captions) {
      assert.ok(caption.split(' ').length <= 30, caption);
      for (const word of caption.split(' ')) assert.ok(known.has(word), `"${word}" in "${caption}"`);
    }
    return captions[0] ?? '';
  };
  for (const [index, person] of people(1000).entries()) {
    const first = check(describePerson(person, stream(2, 'captions', index)));
    for (const word of [person.mood, person.hairColour, person.garment, person.garmentColour])
      assert.ok(first.includes(word), first);
  }
  for (const [index, clip] of clips(1000).entries()) {
    const tell = (c: PersonClip) => describePersonClip(c, stream(2, 'captions', index));
    const twin = twinPersonClip(clip);
    const first = check(tell(clip));
    if (twin) assert.notEqual(tell(twin)[0], first);
    assert.equal(first.endsWith(' winks'), clip.type === 'wink');
  }
});

test('all answers are known, and every known answer occurs', () => {
  const known = new Set(words());
  const given = (questions: readonly { readonly question: string; readonly answer: string }[]) => {
    for (const { question, answer } of questions)
      for (const word of `${question} ${answer}`.split(' ')) assert.ok(known.has(word), `"${word}" in "${question}"`);
    return [...new Set(questions.map(({ answer }) => answer))].sort();
  };
  assert.deepEqual(given(people(1000).flatMap(asked)), [...answers('people', 'image')].sort());
  assert.deepEqual(
    given(clips(1000).flatMap((clip, index) => askedOfClip(clip, index))),
    [...answers('people', 'video')].sort(),
  );
});
