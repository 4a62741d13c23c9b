import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pixels } from '../../data/image/index.js';
import { drawPerson, type Person } from '../index.js';
import { loadPersonArt, peopleClipWorld, peopleWorld } from './people.js';
import { worldSet } from './set.js';

const art = await loadPersonArt();
const someone: Person = { ...drawPerson(1, 0), beard: null, hair: 'parted', mood: 'smiling', skin: 0 };

/** The part of the pixels that differ clearly, 0…1. */
const difference = (a: Pixels, b: Pixels) =>
  a.data.filter((level, i) => Math.abs(level - (b.data[i] as number)) > 20).length / a.data.length;

test('a person is drawn in the size asked for, always the same, on its own ground', async () => {
  const picture = await art(someone, 48);
  assert.deepEqual([picture.width, picture.height, picture.data.length], [48, 48, 48 * 48 * 3]);
  assert.deepEqual(picture, await art(someone, 48));
  assert.deepEqual([...picture.data.subarray(0, 3)], [...someone.ground]);
});

const CHANGES: Readonly<Record<string, Partial<Person>>> = {
  hair: { hair: 'wavy' },
  'hair color': { hairColour: someone.hairColour === 'black' ? 'blond' : 'black' },
  clothes: { garment: someone.garment === 'dress' ? 'jacket' : 'dress' },
  'color of the clothes': { garmentColour: someone.garmentColour === 'white' ? 'black' : 'white' },
  beard: { beard: 'full' },
  mood: { mood: 'laughing' },
  wink: { winks: true },
  skin: { skin: 4 },
};

for (const [what, change] of Object.entries(CHANGES))
  test(`another ${what} is seen, and most of the picture stays`, async () => {
    const changed = difference(await art(someone, 64), await art({ ...someone, ...change }, 64));
    assert.ok(changed > 0.001 && changed < 0.4, `${changed}`);
  });

test('people and their clips are sets like any other, and a twin is the clip backwards', async () => {
  const options = { art, seed: 3, size: 32 };
  const people = worldSet(peopleWorld(options), { count: 3, split: 'test' });
  assert.deepEqual([people.items[0]?.kind, people.items[0]?.questions.length], ['image', 3]);
  assert.equal((await people.frames(0, [0.5]))[0]?.width, 32);
  const clips = worldSet(peopleClipWorld({ ...options, frames: 4 }), { count: 2, split: 'test', twins: true });
  const middles = [1 / 8, 3 / 8, 5 / 8, 7 / 8];
  assert.deepEqual(await clips.frames(3, middles), [...(await clips.frames(2, middles))].reverse());
});
