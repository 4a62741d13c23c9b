import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pixels } from '../../data/image/index.js';
import type { MediaSet } from '../../data/items/index.js';
import type { Concept } from '../index.js';
import { plainAtlas, scenes } from './art.test-support.js';
import { clipWorld, sceneWorld } from './scenes.js';
import { type World, worldSet } from './set.js';

const world = sceneWorld(scenes);
const clips = clipWorld({ ...scenes, frames: 8 });
const picture = async (set: MediaSet, index: number) => (await set.frames(index, [0.5]))[0] as Pixels;
const middles = Array.from({ length: 8 }, (_, f) => (f + 0.5) / 8);

test('a training set is made on demand: the same item again is the same picture, and in a longer set too', async () => {
  const set = worldSet(world, { count: 50 });
  const longer = worldSet(world, { count: 5000 });
  assert.equal(set.items.length, 50);
  assert.deepEqual(await picture(set, 7), await picture(set, 7));
  assert.deepEqual(await picture(set, 7), await picture(longer, 7));
  assert.deepEqual(set.items[7]?.captions, longer.items[7]?.captions);
  assert.deepEqual(set.items[7]?.questions, longer.items[7]?.questions);
  assert.notDeepEqual(await picture(set, 7), await picture(set, 8));
});

test('a test set has no two equal first captions and shares none with training', () => {
  const gallery = worldSet(world, { count: 1000, split: 'test' });
  const told = new Set(gallery.items.map(({ captions }) => captions[0]));
  assert.equal(told.size, 1000);
  const training = worldSet(world, { count: 1000 });
  assert.notDeepEqual(gallery.items[0]?.captions, training.items[0]?.captions);
});

test('questions have an id of their own, one answer and a type, and are asked as is wanted', () => {
  const asking = { count: 5, weights: { where: 1, exists: 1 } };
  const { items } = worldSet(sceneWorld({ ...scenes, asking }), { count: 200 });
  const questions = items.flatMap(({ questions }) => questions);
  assert.deepEqual([...new Set(questions.map(({ type }) => type))].sort(), ['exists', 'where']);
  assert.equal(new Set(questions.map(({ id }) => id)).size, questions.length);
  assert.ok(questions.every(({ answers }) => answers.length === 1));
});

test('styles and naming are mixed in their shares', async () => {
  const concepts: readonly Concept[] = [{ code: '1f415', label: 'quokka', tags: [] }];
  const naming = { share: 0.25, concepts, atlases: [plainAtlas(255)] };
  const styles = [...scenes.styles, { atlas: plainAtlas(0), share: 3 }];
  const set = worldSet(sceneWorld({ ...scenes, styles, naming }), { count: 400 });
  const named = set.items.filter(({ captions }) => captions[0]?.includes('quokka')).length;
  assert.ok(Math.abs(named / 400 - 0.25) < 0.07, `${named} of 400`);
  const pictures = await Promise.all(set.items.map((_, i) => picture(set, i)));
  const dark = pictures.filter(({ data }) => data.some((v) => v === 0)).length; // something black and not tinted
  assert.ok(dark > 100 && dark < 300, `${dark}`);
});

test('a clip gives the frame that is shown at a position, a picture gives itself', async () => {
  const set = worldSet(clips, { count: 4 });
  assert.equal(set.items[0]?.kind, 'video');
  const all = await set.frames(2, middles);
  assert.equal(all.length, 8);
  assert.deepEqual(
    await set.frames(2, [0, 0.26, 0.26, 1]),
    [0, 2, 2, 7].map((frame) => all[frame]),
  );
  assert.equal((await worldSet(world, { count: 1 }).frames(0, [0.1, 0.9])).length, 2);
});

test('with twins every item is followed by its twin: a scene of the same words, a clip played backwards', async () => {
  const bag = (caption = '') =>
    caption
      .replace(/\ban\b/g, 'a')
      .split(' ')
      .sort()
      .join(' ');
  const pairs = worldSet(world, { count: 40, split: 'test', twins: true });
  assert.equal(pairs.items.length, 80);
  assert.equal(new Set(pairs.items.map(({ captions }) => captions[0])).size, 80);
  assert.equal(new Set(pairs.items.map(({ id }) => id)).size, 80);
  for (let i = 0; i < 80; i += 2) {
    const [own, twin] = [pairs.items[i]?.captions[0], pairs.items[i + 1]?.captions[0]];
    assert.equal(bag(own), bag(twin));
    assert.notDeepEqual(await picture(pairs, i), await picture(pairs, i + 1));
  }
  const played = worldSet(clips, { count: 20, split: 'val', twins: true });
  for (let i = 0; i < 40; i += 2)
    assert.deepEqual(await played.frames(i + 1, middles), [...(await played.frames(i, middles))].reverse());
});

test('a world that has too few items that differ says so, and so does one without twins', () => {
  const small: World = { ...world, first: { train: 0, val: 4, test: 6 }, end: 10 };
  assert.equal(worldSet(small, { count: 4, split: 'test' }).items.length, 4);
  for (const options of [
    { count: 5, split: 'test' },
    { count: 11, split: 'train' },
  ] as const)
    assert.throws(() => worldSet(small, options), { code: 'data', message: /there are 10 in all/ });
  assert.throws(
    () => worldSet({ ...world, twins: () => null }, { count: 1, twins: true }),
    /has no twins; leave them out/,
  );
});
