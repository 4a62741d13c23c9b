import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMAINS, isHeldOut, KINDS, type Mode, TINTS, UNSEEN } from './kinds.js';
import { areApart, placeOf, reach, relationOf } from './layout.js';
import { drawScene, type Scene } from './scene.js';

const scenes = (domain: 'noto' | 'fluent3d', mode: Mode = 'train', count = 1500) =>
  Array.from({ length: count }, (_, index) => drawScene(domain, 1, index, mode));
const things = (all: readonly Scene[]) => all.flatMap((scene) => scene.things);

test('the second domain has 167 distinct nouns, 41 of which the first one never shows', () => {
  assert.equal(new Set(KINDS.map(({ noun }) => noun)).size, 167);
  assert.equal(new Set(KINDS.map(({ code }) => code)).size, 167);
  assert.equal(UNSEEN.length, 41);
  assert.equal(DOMAINS.noto.kinds.length, 126);
  const unseen = new Set(UNSEEN.map(({ noun }) => noun));
  const shown = (domain: 'noto' | 'fluent3d') => new Set(things(scenes(domain)).map(({ noun }) => noun));
  assert.ok(![...shown('noto')].some((noun) => unseen.has(noun)));
  assert.equal(shown('fluent3d').size, 167);
});

test('about 12 % of the noun and tint pairs are held out: training never draws them, composition draws nothing else', () => {
  const heldOut = KINDS.flatMap(({ noun }) => TINTS.filter((tint) => isHeldOut(noun, tint))).length;
  assert.ok(Math.abs(heldOut / (167 * 8) - 0.12) < 0.02);
  for (const { noun, tint } of things(scenes('noto', 'train'))) assert.ok(!tint || !isHeldOut(noun, tint));
  for (const { noun, tint } of things(scenes('noto', 'composition'))) assert.ok(tint && isHeldOut(noun, tint));
});

test('the same arguments give the same scene, another index or seed another one', () => {
  assert.deepEqual(drawScene('noto', 1, 7, 'train'), drawScene('noto', 1, 7, 'train'));
  assert.notDeepEqual(drawScene('noto', 1, 7, 'train'), drawScene('noto', 1, 8, 'train'));
  assert.notDeepEqual(drawScene('noto', 1, 7, 'train'), drawScene('noto', 2, 7, 'train'));
});

test('nothing is cut off by the rim, overlaps, or lies where two place words meet', () => {
  for (const scene of scenes('fluent3d')) {
    assert.ok(areApart(scene.things));
    for (const thing of scene.things) {
      const margin = reach(thing) - 1e-9;
      for (const at of [thing.x, thing.y]) {
        assert.ok(at >= margin && at <= 1 - margin);
        assert.ok([0.37, 0.63].every((border) => Math.abs(at - border) >= 0.029));
      }
    }
  }
});

test('a pair always stands in a clear relation and wears two different tints', () => {
  for (const { type, things } of scenes('noto')) {
    const [a, b] = things;
    if (type !== 'pair' || !a || !b) continue;
    assert.ok(relationOf(a, b));
    assert.ok(!a.tint || a.tint !== b.tint);
  }
});

test('place, size and flip of a single thing say nothing about each other: all combinations are about as frequent', () => {
  const singles = scenes('fluent3d', 'train', 9000).filter(({ type }) => type === 'single');
  const counts = new Map<string, number>();
  for (const thing of things(singles)) {
    const key = `${placeOf(thing)} ${thing.size} ${thing.flip}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const expected = singles.length / 36;
  assert.equal(counts.size, 36);
  const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  assert.ok(chi2 < 66, `χ² ${chi2} of 35 degrees of freedom`); // p < 0.001
});
