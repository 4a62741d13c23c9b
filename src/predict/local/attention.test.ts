// Where the backbone that ships looks, on drawn scenes in which it is known where things are.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { temporaryFolder, toyBackbone, toyClipData, toyClips } from '../../node/toy.test-support.js';
import { loadAtlas } from '../../world/art/atlas.js';
import { drawScene, renderScene, type Scene, type Thing } from '../../world/index.js';
import { openEngine } from '../engine/engine.js';
import type { Answered, Attention, Engine } from './types.js';

const COUNT = 64;
const folder = temporaryFolder();
let engine: Engine;
let asked: readonly Asked[];

interface Asked {
  readonly scene: Scene;
  /** What is asked about. */
  readonly thing: Thing;
  readonly answered: Answered;
}

before(async () => {
  engine = await openEngine();
  const atlas = await loadAtlas('noto', join(folder, 'atlas'));
  asked = await Promise.all(
    scenes().map(async ({ scene, thing }, i) => {
      const { data, width, height } = renderScene(scene, atlas, 64);
      const file = join(folder, `${i}.png`);
      await writeFile(
        file,
        await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer(),
      );
      const questions = [`what color is the ${thing.noun}`];
      const [answered] = await engine.ask(null, file, questions, { answers: 1, attention: true });
      return { scene, thing, answered: answered as Answered };
    }),
  );
});
after(() => engine.close());

/** Scenes of several things, of which one has a colour to ask for. */
function scenes(): readonly Omit<Asked, 'answered'>[] {
  const found: Omit<Asked, 'answered'>[] = [];
  for (let index = 2 ** 41; found.length < COUNT; index++) {
    const scene = drawScene('noto', 404, index, 'train');
    const thing = scene.things.find(({ tint }) => tint !== null);
    if (thing && (scene.type === 'pair' || scene.type === 'multi')) found.push({ scene, thing });
  }
  return found;
}

/** Cells whose middle is on a thing, give or take a quarter of a cell. */
function cellsOf({ x, y, edge }: Thing, { rows, columns }: Attention): readonly number[] {
  const isOn = (cell: number) =>
    Math.abs(((cell % columns) + 0.5) / columns - x) < edge / 2 + 0.25 / columns &&
    Math.abs((Math.floor(cell / columns) + 0.5) / rows - y) < edge / 2 + 0.25 / rows;
  return Array.from({ length: rows * columns }, (_, cell) => cell).filter(isOn);
}

const mapOf = ({ answered }: Asked) => answered.attention ?? assert.fail('no attention');
const share = (some: readonly boolean[]) => some.filter(Boolean).length / some.length;
const mean = (all: readonly number[]) => all.reduce((sum, x) => sum + x, 0) / all.length;

test('the place that counts most is on the thing that was asked about, far more often than by chance', () => {
  const isHit = (one: Asked) => {
    const [map] = mapOf(one).frames as [Float32Array];
    return cellsOf(one.thing, mapOf(one)).includes(map.indexOf(Math.max(...map)));
  };
  const chance = mean(asked.map((one) => cellsOf(one.thing, mapOf(one)).length / 64));
  const right = asked.filter(({ thing, answered }) => answered.answers[0]?.answer === thing.tint);
  const [all, whereRight] = [share(asked.map(isHit)), share(right.map(isHit))];
  const text = `${all}, where the answer is right ${whereRight} of ${right.length}, chance ${chance}`;
  assert.ok(chance < 0.16 && all > 0.5 && whereRight > 0.7, text);
});

test('it is the thing that was asked about, and not another of the scene, more often than by chance', () => {
  const density = (thing: Thing, one: Asked) =>
    mean(cellsOf(thing, mapOf(one)).map((i) => mapOf(one).frames[0]?.[i] ?? 0));
  const isFirst = (one: Asked) =>
    one.scene.things.every((other) => other === one.thing || density(one.thing, one) > density(other, one));
  const chance = mean(asked.map(({ scene }) => 1 / scene.things.length));
  const first = share(asked.map(isFirst));
  assert.ok(first > chance + 0.1, `${first}, chance ${chance}`);
});

test('a map has the rows and columns of the patches, and its largest number is 1', () => {
  for (const { rows, columns, frames } of asked.map(mapOf)) {
    assert.deepEqual([rows, columns, frames.length], [8, 8, 1]);
    const [map] = frames as [Float32Array];
    assert.equal(map.length, 64);
    assert.equal(Math.max(...map), 1);
    assert.ok(Math.min(...map) >= 0);
  }
});

test('of a clip every frame has a map, and the largest number of all frames is 1', async () => {
  const clips = await toyClipData(join(folder, 'clips'));
  const toy = await openEngine({ backbone: await toyBackbone(join(folder, 'toy'), 1, ['red', 'pink']) });
  const file = join(clips, toyClips[0]?.video ?? '');
  const questions = ['what color is the square', 'is the square red'];
  const answered = await toy.ask(null, file, questions, { answers: 1, attention: true });
  for (const { attention } of answered) {
    assert.deepEqual([attention?.rows, attention?.columns, attention?.frames.length], [4, 4, 8]);
    assert.equal(Math.max(...(attention?.frames.flatMap((map) => [...map]) ?? [])), 1);
  }
  const [without] = await toy.ask(null, file, questions.slice(0, 1), { answers: 1, attention: false });
  assert.equal(without?.attention, undefined);
  await toy.close();
});
