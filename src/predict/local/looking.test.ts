// What was encoded lately is not encoded again, whatever it is called now.

import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { temporaryFolder, toyBackbone, toyData } from '../../node/toy.test-support.js';
import { loadTrained } from '../programs/load.js';
import { createLooking } from './looking.js';
import { type ServedModel, serve } from './model.js';
import { createShape, type Programs } from './programs.js';
import { createTokenCache } from './token-cache.js';

const folder = temporaryFolder();
const encoded: number[] = [];
let model: ServedModel;
let pictures: readonly string[];
before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  const data = await toyData(join(folder, 'data'));
  pictures = ['red-black', 'blue-black', 'green-black'].map((name) => join(data, `${name}.png`));
  const trained = await loadTrained({ adapter: null, backbone, task: 'answering' });
  const served = serve(trained, '1:', createShape(trained));
  const tokens: Programs['tokens'] = async (frames, batch) => {
    const encoder = await served.programs().tokens(frames, batch);
    return {
      release: encoder.release,
      encode(set) {
        encoded.push(set.items.length);
        return encoder.encode(set);
      },
    };
  };
  model = { ...served, programs: () => ({ ...served.programs(), tokens }) };
});

const valuesOf = (found: Awaited<ReturnType<ReturnType<typeof createLooking>['tokens']>>) =>
  [...found.values()].map((outcome) => ('value' in outcome ? outcome.value.tokens : outcome.error.code));

test('a picture is encoded once, however often and under whatever name it is asked about', async () => {
  encoded.length = 0;
  const looking = createLooking(2 ** 20);
  const first = valuesOf(await looking.tokens(model, [...pictures, pictures[0] as string]));
  assert.deepEqual(encoded, [3]);
  const copy = join(folder, 'copy.png');
  await copyFile(pictures[1] as string, copy);
  assert.deepEqual(valuesOf(await looking.tokens(model, [pictures[2] as string, copy])), [first[2], first[1]]);
  assert.deepEqual(encoded, [3]);
  await looking.tokens({ ...model, name: '2:' }, pictures);
  assert.deepEqual(encoded, [3, 3], 'another model sees otherwise');
  looking.forget('1:');
  await looking.tokens(model, pictures);
  assert.deepEqual(encoded, [3, 3, 3]);
});

test('a file that changes is encoded again, and one that cannot be read is not kept', async () => {
  encoded.length = 0;
  const looking = createLooking(2 ** 20);
  const file = join(folder, 'changing.png');
  await writeFile(file, 'no picture');
  assert.deepEqual(valuesOf(await looking.tokens(model, [file])), ['data']);
  await copyFile(pictures[0] as string, file);
  const [tokens] = valuesOf(await looking.tokens(model, [file]));
  assert.ok(tokens instanceof Float32Array);
  assert.deepEqual(encoded, [1, 1]);
});

test('tokens take no more room than they may; those that were asked for last stay', () => {
  const cache = createTokenCache(40);
  for (const key of ['a', 'b']) cache.set(key, new Float32Array(5));
  cache.get('a');
  cache.set('c', new Float32Array(5));
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => cache.get(key) !== undefined),
    [true, false, true],
  );
  cache.set('huge', new Float32Array(11));
  assert.equal(cache.get('huge'), undefined);
  assert.ok(cache.get('a'));
});
