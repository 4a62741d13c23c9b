// How many files are encoded and looked at at once, with models that only take notes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BlipConfig, blipBase, tiny } from '../../model/blip/index.js';
import type { Trained } from '../programs/load.js';
import type { Looking, Seen } from './looking.js';
import { type ServedModel, serve } from './model.js';
import type { Shape } from './programs.js';
import { lookTogether } from './together.js';

const served = (config: BlipConfig) => serve({ adapter: null, model: { config } } as Trained, '1:', {} as Shape);
const withImages = (imageSize: number): BlipConfig => ({ ...blipBase, vision: { ...blipBase.vision, imageSize } });

test('as many files are encoded at once as was measured to be worth it', () => {
  const atOnce = (config: BlipConfig, ...frames: (number | null)[]) => frames.map(served(config).encodedAtOnce);
  assert.deepEqual(atOnce(withImages(224), null, 1, 2, 8), [8, 8, 4, 1]);
  assert.deepEqual(atOnce(withImages(384), null, 2, 8), [2, 1, 1]);
  assert.deepEqual(atOnce(tiny, null, 8, 32), [16, 2, 1]);
});

interface Item {
  readonly file: string;
  readonly i: number;
}

/** What is looked at at once: numbers of the items, and the sizes of the program. */
async function looksAt(files: readonly string[], filesAtOnce?: number) {
  const tokens: Looking['tokens'] = async (_, all) =>
    new Map(all.map((file) => [file, { value: { tokens: new Float32Array(1), frames: null } satisfies Seen }]));
  const who = { model: { seenAtOnce: () => 4 } as Partial<ServedModel> as ServedModel, looking: { tokens } as Looking };
  const seen: { readonly items: readonly number[]; readonly batch: number; readonly size: number }[] = [];
  const outcomes = await lookTogether(
    who,
    files.map((file, i): Item => ({ file, i })),
    {
      fileOf: ({ file }) => file,
      ...(filesAtOnce && { filesAtOnce }),
      async look({ items, batch, size }) {
        seen.push({ items: items.map(({ i }) => i), batch, size });
        return items.map(({ i }) => i);
      },
    },
  );
  assert.deepEqual(
    outcomes,
    files.map((_, i) => ({ value: i })),
    'each item gets its own',
  );
  return seen;
}

test('no more files are looked at at once than are wanted, and items of one file are together', async () => {
  assert.deepEqual(await looksAt(['a', 'b', 'c', 'd', 'e'], 2), [
    { items: [0, 1], batch: 2, size: 2 },
    { items: [2, 3], batch: 2, size: 2 },
    { items: [4], batch: 1, size: 1 },
  ]);
  assert.deepEqual(await looksAt(['a', 'b', 'a', 'b', 'c'], 2), [
    { items: [0, 2, 1, 3], batch: 2, size: 4 },
    { items: [4], batch: 1, size: 1 },
  ]);
  assert.deepEqual(await looksAt(['a', 'a', 'a', 'a', 'a'], 2), [
    { items: [0, 1, 2, 3], batch: 1, size: 4 },
    { items: [4], batch: 1, size: 1 },
  ]);
  assert.deepEqual(await looksAt(['a', 'b', 'c', 'd', 'e']), [
    { items: [0, 1, 2, 3], batch: 4, size: 4 },
    { items: [4], batch: 1, size: 1 },
  ]);
});
