import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stream } from '../random/index.js';
import { type Clip, type ClipOptions, drawClip, reverseClip, twinClip } from './clip.js';
import { describeClip } from './clip-caption.js';
import { askClip, CLIP_FORMS } from './clip-question.js';
import { does } from './event.js';
import { assertAtChance, guess, nounsIn } from './guess.test-support.js';
import { isHeldOut } from './kinds.js';
import { areApart, reach } from './layout.js';
import { ROUND } from './motion.js';
import type { Thing } from './thing.js';
import { answers, words } from './words.js';

const clips = (count: number, options: ClipOptions = {}, domain: 'noto' | 'fluent3d' = 'fluent3d') =>
  Array.from({ length: count }, (_, index) => drawClip(domain, 4, index, options));
const questionsOf = (clip: Clip, index: number) => askClip(clip, stream(4, 'questions', index), { count: 10 });

/** A member of the cast in every frame, found by its noun. */
const trackOf = ({ frames }: Clip, noun: string) => frames.map(({ things }) => things.find((t) => t.noun === noun));
const actorOf = (clip: Clip, event = clip.events[0]) => trackOf(clip, clip.cast[event?.actor ?? -1]?.noun ?? '');

/** What an observer of the frames says a thing does, and from which frame on; null when it stays as it is. */
function observe(track: readonly (Thing | undefined)[]): { readonly does: string; readonly from: number } | null {
  const shown = track.filter((thing) => thing !== undefined);
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last) return null;
  const from = track.findIndex((thing, i) => i > 0 && JSON.stringify(thing) !== JSON.stringify(track[i - 1]));
  if (from < 0) return null;
  const says = () => {
    if (!track[0] && !track.at(-1)) return 'appears for a moment';
    if (shown.length < track.length) return track[0] ? 'disappears' : 'appears';
    if (first.tint !== last.tint) return `changes from ${first.tint} to ${last.tint}`;
    if (first.rotation !== last.rotation)
      return first.rotation < last.rotation ? 'turns clockwise' : 'turns counterclockwise';
    if (first.edge !== last.edge) return first.edge < last.edge ? 'grows' : 'shrinks';
    if (first.x !== last.x) return first.x < last.x ? 'moves right' : 'moves left';
    if (first.y !== last.y) return first.y < last.y ? 'moves down' : 'moves up';
    const takeOffs = shown.filter((thing, i) => i > 0 && thing.y < first.y && shown[i - 1]?.y === first.y).length;
    return takeOffs === 1 ? 'hops once' : 'hops twice';
  };
  return { does: says(), from };
}

test('what is told of a clip is what an observer of its frames sees, backwards too and at every length', () => {
  for (const frames of [4, 5, 8, 11, 16])
    for (const forwards of clips(200, { frames }))
      for (const clip of [forwards, reverseClip(forwards)]) {
        assert.equal(clip.frames.length, frames);
        const seen = clip.cast.map(({ noun }) => observe(trackOf(clip, noun)));
        const order = seen.flatMap((s, actor) => (s ? [{ ...s, actor }] : [])).sort((a, b) => a.from - b.from);
        assert.deepEqual(
          clip.events.map((event) => ({ does: does(event), actor: event.actor })),
          order.map(({ does, actor }) => ({ does, actor })),
        );
      }
});

test('the frames of a reversed clip are those of the clip, last first, and reversing twice changes nothing', () => {
  for (const clip of clips(300, { frames: 12, noise: 4 })) {
    assert.deepEqual(reverseClip(clip).frames, [...clip.frames].reverse());
    assert.deepEqual(reverseClip(reverseClip(clip)), clip);
    const twin = twinClip(clip);
    assert.equal(twin === null, clip.type === 'flash' || clip.type === 'hops');
    const tell = (c: Clip) => describeClip(c, stream(1, 'captions', 0))[0];
    if (twin) assert.notEqual(tell(twin), tell(clip));
  }
});

test('in every frame all is inside the picture and apart, and round things never turn', () => {
  for (const clip of clips(700)) {
    for (const { things } of clip.frames) {
      assert.ok(areApart(things));
      for (const thing of things)
        for (const at of [thing.x, thing.y]) assert.ok(Math.min(at, 1 - at) >= reach(thing) - 1e-9, clip.type);
    }
    for (const event of clip.events)
      if (event.action.startsWith('turns')) assert.ok(!ROUND.has(clip.cast[event.actor]?.noun ?? ''));
  }
});

test('a flash is in exactly one frame, and one hop spends the same heights on as many frames as two', () => {
  const shapes = { 'hops once': new Set<string>(), 'hops twice': new Set<string>() };
  for (const clip of clips(1000)) {
    const track = actorOf(clip);
    const action = clip.events[0]?.action;
    if (clip.type === 'flash') assert.equal(track.filter(Boolean).length, 1);
    if (action !== 'hops once' && action !== 'hops twice') continue;
    const ground = Math.max(...track.map((thing) => thing?.y ?? 0));
    shapes[action].add(
      track
        .map((thing) => (ground - (thing?.y ?? 0)).toFixed(6))
        .sort()
        .join(' '),
    );
  }
  assert.deepEqual(shapes['hops once'], shapes['hops twice']);
  assert.equal(shapes['hops once'].size, 1);
});

test('a hop of many frames is highest in its middle', () => {
  for (const clip of clips(200, { frames: 16 })) {
    const heights = actorOf(clip).map((thing) => -(thing?.y ?? 0));
    if (clip.type !== 'hops') continue;
    const top = heights.indexOf(Math.max(...heights));
    assert.ok([heights[top - 1], heights[top + 1]].every((beside) => (beside ?? 0) > Math.min(...heights)));
  }
});

test('noise stands between the frames of the clip, at any place, and shows nothing of the cast', () => {
  const places = new Set<number>();
  for (const clip of clips(200, { frames: 16, noise: 8 })) {
    const nouns = new Set(clip.cast.map(({ noun }) => noun));
    const [ground] = clip.frames.flatMap(({ things, ground }) => (things.some((t) => nouns.has(t.noun)) ? ground : []));
    const own = clip.frames.filter((frame) => frame.ground === ground);
    assert.equal(own.length, 8);
    for (const [at, frame] of clip.frames.entries()) {
      if (frame.ground === ground) continue;
      places.add(at);
      assert.ok(frame.things.every(({ noun }) => !nouns.has(noun)));
    }
    const quiet = { ...clip, frames: own };
    for (const event of clip.events) assert.equal(observe(actorOf(quiet, event))?.does, does(event));
  }
  assert.equal(places.size, 16);
  assert.throws(() => drawClip('noto', 1, 1, { frames: 8, noise: 5 }), { code: 'data' });
});

test('training never shows a held-out pair, compositions show nothing else', () => {
  for (const mode of ['train', 'composition'] as const)
    for (const clip of clips(500, { mode }))
      for (const { noun, tint } of clip.frames.flatMap(({ things }) => things))
        if (tint || mode === 'composition')
          assert.equal(tint !== null && isHeldOut(noun, tint), mode === 'composition');
});

test('a clip has five different captions of at most 30 known words, and the first tells of all that takes part', () => {
  const known = new Set(words());
  const firsts = new Set<string>();
  for (const [index, clip] of clips(1000).entries()) {
    const captions = describeClip(clip, stream(4, 'captions', index));
    firsts.add(captions[0] ?? '');
    assert.equal(new Set(captions).size, 5);
    for (const caption of captions) {
      const used = caption.replaceAll(',', '').split(' ');
      assert.ok(used.length <= 30, caption);
      for (const word of used) assert.ok(known.has(word), `"${word}" in "${caption}"`);
      for (const event of clip.events) assert.ok(caption.includes(does(event)));
    }
    assert.deepEqual([...nounsIn(captions[0] ?? '')].sort(), clip.cast.map(({ noun }) => noun).sort());
  }
  assert.ok(firsts.size > 985, `${firsts.size}`);
});

/** Answers a question about two events by reading it: written from the English alone. */
function answerOf(
  question: string,
  { cast }: Clip,
  events: readonly { readonly does: string; readonly actor: number }[],
) {
  const plain = (text: string) => text.replace(/^changes from.*/, 'changes color');
  const [noun = '', other = ''] = nounsIn(question);
  const at = (name: string) => events.findIndex(({ actor }) => cast[actor]?.noun === name);
  const own = events[at(noun)]?.does ?? '';
  const asks = (pattern: RegExp) => pattern.test(question);
  if (other) {
    const isTrue = asks(/ after /) ? at(noun) > at(other) : at(noun) < at(other);
    return asks(/^does/) ? (isTrue ? 'yes' : 'no') : isTrue ? plain(own) : 'nothing';
  }
  if (asks(/way|direction/)) return own.replace('moves ', '');
  if (asks(/^how (many|often)/)) return own === 'hops once' ? '1' : '2';
  if (asks(/color/)) return own.split(' ')[asks(/ end$| last$|become$/) ? 4 : 2];
  if (noun) return plain(own);
  return cast[events.at(asks(/ last$/) ? -1 : 0)?.actor ?? -1]?.noun;
}

const seenEvents = (clip: Clip) =>
  clip.cast
    .flatMap(({ noun }, actor) => ({ ...(observe(trackOf(clip, noun)) ?? { does: '', from: -1 }), actor }))
    .filter(({ from }) => from >= 0)
    .sort((a, b) => a.from - b.from);

test('every answer is what an observer of the frames gives, and another one when they run backwards', () => {
  for (const [index, clip] of clips(800).entries()) {
    const [forwards, backwards] = [clip, reverseClip(clip)].map(seenEvents) as [ReturnType<typeof seenEvents>, never];
    for (const { type, question, answer } of questionsOf(clip, index)) {
      assert.equal(answer, answerOf(question, clip, forwards), question);
      if (['changed', 'hops', 'flash'].includes(type) || answer === 'changes color') continue;
      assert.notEqual(answer, answerOf(question, clip, backwards), question);
    }
  }
});

const many = clips(7000);

test('a guesser who has learnt all questions but sees no clip is at chance in every type', () => {
  assertAtChance(many.flatMap(questionsOf), CLIP_FORMS, 0.06);
});

const bin = (value: number) => `${Math.floor(value * 25)}`;
const angle = ({ rotation }: Thing) => (((rotation % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)) / (2 * Math.PI);
const MEASURES: Readonly<Record<string, { readonly of: (thing: Thing) => number; readonly first: number }>> = {
  'moves left|moves right': { of: ({ x }) => x, first: 0.7 },
  'moves up|moves down': { of: ({ y }) => y, first: 0.7 },
  'grows|shrinks': { of: ({ edge }) => 2 * edge, first: 0.76 },
  'turns clockwise|turns counterclockwise': { of: angle, first: 0.57 },
};

test('neither the first frame nor all frames without their order tell the direction', () => {
  for (const [pair, { of, first }] of Object.entries(MEASURES)) {
    const own = many.flatMap((clip) =>
      clip.events.filter(({ action }) => pair.split('|').includes(action)).map((event) => ({ clip, event })),
    );
    const told = (keyOf: (track: readonly Thing[]) => string) =>
      guess(own.map(({ clip, event }) => ({ key: keyOf(actorOf(clip, event) as Thing[]), answer: event.action })));
    const byFirst = told(([start]) => bin(of(start as Thing)));
    assert.ok(byFirst < first, `${pair}: ${byFirst} by the first frame`);
    const middle = (track: readonly Thing[]) => track.map(of).sort((a, b) => a - b)[track.length >> 1] ?? 0;
    const byAll = told((track) => bin(middle(track)));
    assert.ok(Math.abs(byAll - 0.5) < 0.05, `${pair}: ${byAll} by all frames`);
  }
});

test('all words and answers are known, and every known answer occurs', () => {
  const known = new Set(words());
  for (const domain of ['noto', 'fluent3d'] as const) {
    const given = new Set<string>();
    for (const [index, clip] of clips(2000, {}, domain).entries())
      for (const { question, answer } of questionsOf(clip, index)) {
        given.add(answer);
        for (const word of `${question} ${answer}`.split(' ')) assert.ok(known.has(word), `"${word}" in "${question}"`);
      }
    assert.deepEqual([...given].sort(), [...answers(domain, 'video')].sort());
  }
});
