import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stream } from '../random/index.js';
import { describe } from './describe.js';
import { KINDS } from './kinds.js';
import { placeOf } from './layout.js';
import { type Concept, drawNaming, nameConcept, seenConcepts } from './naming.js';
import { drawScene } from './scene.js';
import type { Thing } from './thing.js';
import { twin } from './twin.js';
import { words } from './words.js';

const described = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const scene = drawScene('fluent3d', 3, index, 'train');
    return { scene, captions: describe(scene, stream(3, 'captions', index)) };
  });

test('every scene has five different captions of at most 30 words, all of them known', () => {
  const known = new Set(words());
  for (const { captions } of described(2000)) {
    assert.equal(new Set(captions).size, 5);
    for (const caption of captions) {
      const used = caption.replaceAll(',', '').split(' ');
      assert.ok(used.length <= 30, caption);
      for (const word of used) assert.ok(known.has(word), `"${word}" in "${caption}"`);
    }
  }
});

test('the first captions of 1,000 scenes are almost all different', () => {
  assert.ok(new Set(described(1000).map(({ captions }) => captions[0])).size >= 985);
});

test('the first caption names every noun, tint and, of singles, the size and place', () => {
  for (const { scene, captions } of described(500)) {
    const [caption = ''] = captions;
    for (const { noun, tint } of scene.things) {
      const plural = KINDS.find((kind) => kind.noun === noun)?.plural ?? noun;
      assert.ok(caption.includes(noun) || caption.includes(plural), `${noun} in "${caption}"`);
      assert.ok(!tint || caption.includes(tint));
    }
    const [thing] = scene.things;
    if (scene.type !== 'single' || !thing) continue;
    assert.ok(caption.endsWith(placeOf(thing)));
    assert.match(caption, thing.size === 'small' ? /small|little/ : /large|big/);
  }
});

test('relations in captions are true', () => {
  const claim = /^(.+) (to the left of|to the right of|above|below) (.+)$/;
  const holds: Readonly<Record<string, (a: Thing, b: Thing) => boolean>> = {
    'to the left of': (a, b) => a.x < b.x - 0.2,
    'to the right of': (a, b) => a.x > b.x + 0.2,
    above: (a, b) => a.y < b.y - 0.2,
    below: (a, b) => a.y > b.y + 0.2,
  };
  let checked = 0;
  for (const { scene, captions } of described(1000)) {
    const [, subject, relation, object] = (scene.type === 'pair' && claim.exec(captions[0] ?? '')) || [];
    const find = (phrase = '') => scene.things.find(({ noun }) => phrase.endsWith(noun));
    const [a, b] = [find(subject), find(object)];
    if (!a || !b) continue;
    assert.ok(holds[relation ?? '']?.(a, b), captions[0]);
    checked++;
  }
  assert.ok(checked > 150, String(checked));
});

test('a twin has the same words bound another way, and the two pictures differ in the tints or in the places only', () => {
  const bag = (caption: string) =>
    caption
      .replace(/\ban\b/g, 'a')
      .split(' ')
      .sort()
      .join(' ');
  const kinds = { tint: 0, place: 0, none: 0 };
  for (let index = 0; index < 1000; index++) {
    const scene = drawScene('noto', 4, index, 'train');
    const other = twin(scene, stream(4, 'twin', index));
    if (scene.type !== 'pair') assert.equal(other, null);
    else if (!other) kinds.none++;
    else {
      kinds[other.binding]++;
      assert.equal(bag(other.captions[0]), bag(other.captions[1]));
      assert.notEqual(other.captions[0], other.captions[1]);
      const fixed = ({ x, y, tint, ...rest }: (typeof scene.things)[number]) =>
        other.binding === 'tint' ? { ...rest, x, y } : { ...rest, tint };
      assert.deepEqual(other.scene.things.map(fixed), scene.things.map(fixed));
    }
  }
  assert.ok(kinds.tint > 80 && kinds.place > 150 && kinds.none < 40, JSON.stringify(kinds));
});

test('naming says the label first, with different captions after it, and leaves the unseen nouns out', () => {
  const concepts: readonly Concept[] = [
    { code: '1f418', label: 'elephant', tags: [] }, // the eighth noun: unseen
    { code: '1f9f2', label: 'red thing', tags: ['magnet', 'force'] },
  ];
  const concept = concepts[1] as Concept;
  assert.deepEqual(seenConcepts(concepts), [concept]);
  const captions = nameConcept(concept, stream(1, 'name', 0));
  assert.equal(captions[0], 'a picture of red thing');
  assert.equal(new Set(captions).size, 5);
  assert.ok(captions.every((caption) => caption.includes('red thing')));
  assert.equal(drawNaming(concept, 1, 0).things[0]?.code, '1f9f2');
});
