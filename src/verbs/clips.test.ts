// Runs on clips as they are kept on disk: what a clip is kept as makes no difference, and its frames do.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../data/dataset/dataset.js';
import type { Pixels } from '../data/image/index.js';
import type { TaskName } from '../model/index.js';
import {
  type ClipForm,
  eventsOf,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyClipSet,
  toyClips,
  toyRecipe,
} from '../node/toy.test-support.js';
import { runFolder } from '../weights/store/run-folder.js';
import * as api from './api.js';

const folder = temporaryFolder();
const forms: readonly ClipForm[] = ['frames', 'webp', 'gif'];
let backbone: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  for (const form of forms) await toyClipData(join(folder, form), form);
});

const numbersOf = (frames: readonly Pixels[]) =>
  frames.map(({ width, height, data }) => [width, height, Buffer.from(data).toString('hex')]);

test('the frames of clips on disk are those that were put in, at every position', async () => {
  const set = toyClipSet();
  const positions = [0, 0.1, 0.49, 0.51, 0.9];
  for (const form of forms) {
    const { splits } = await openDataset(join(folder, form), { seed: 1 });
    for (const split of Object.values(splits))
      for (const [i, { media, kind }] of split.items.entries()) {
        assert.equal(kind, 'video');
        const clip = toyClips.findIndex(({ video }) => video.startsWith(media.replace(/\.\w+$/, '')));
        const found = numbersOf(await split.frames(i, positions));
        assert.deepEqual(found, numbersOf(await set.frames(clip, positions)), `${form} ${media}`);
      }
  }
});

const changes = ['data.frames=2', 'train.epochs=2', 'train.batch=3', 'optimiser.learningRate=0.02'];

/** A run on clips of one form. */
async function trained(form: ClipForm, task: TaskName, ...more: readonly string[]) {
  const out = join(folder, `${form} ${task} ${more}`);
  const recipe = toyRecipe(backbone, join(folder, form), [...changes, `task=${task}`, ...more]);
  const events = await runToy(recipe, out);
  const adapter = await readFile(join(runFolder(out).adapter, 'adapter.safetensors'));
  return { out, adapter, scores: eventsOf(events, 'done')[0]?.scores };
}

for (const task of ['retrieval', 'answering', 'captioning'] as const)
  test(`a run on folders of frames equals one on animations, bit by bit: ${task}`, async () => {
    const [frames, webp] = [await trained('frames', task), await trained('webp', task)];
    assert.deepEqual(webp.adapter, frames.adapter);
    assert.deepEqual(webp.scores, frames.scores);
    const jitterless = await trained('frames', task, 'data.jitter=false');
    assert.deepEqual((await trained('webp', task, 'data.jitter=false')).adapter, jitterless.adapter);
  });

test('searching, asking and captioning look at the frames of a clip, whatever it is kept as', async () => {
  const [search, ask, caption] = [
    await trained('gif', 'retrieval'),
    await trained('gif', 'answering'),
    await trained('gif', 'captioning'),
  ];
  const files = (name: string) => [
    join(folder, 'gif', `${name}.gif`),
    join(folder, 'webp', `${name}.webp`),
    join(folder, 'frames', name),
  ];
  const names = ['red-blue', 'green-white', 'blue-red'];
  const library = await api.openSearch(search.out, { media: names.flatMap(files) });
  const hits = await library.search('a red square then blue', 9);
  await library.close();
  for (const name of names) {
    const own = hits.filter(({ path }) => path.includes(name));
    assert.equal(own.length, 3);
    for (const { match, frameWeights = [] } of own) {
      assert.equal(match, own[0]?.match);
      assert.deepEqual(frameWeights, own[0]?.frameWeights);
      assert.equal(frameWeights.length, 2);
    }
    const [first, ...others] = await Promise.all(
      files(name).map((file) => api.ask(ask.out, file, ['what color is the square'])),
    );
    for (const other of others) assert.deepEqual(other, first);
    const captions = await api.caption(caption.out, files(name));
    assert.equal(new Set(captions.map(({ caption }) => caption)).size, 1);
  }
  assert.ok(
    hits.some(({ frameWeights = [] }) => frameWeights[0] !== frameWeights[1]),
    'one of the frames is more like the text',
  );
});
