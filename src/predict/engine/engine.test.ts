// The engine says what the functions for one model say, for every task, with and without an adapter.

import assert from 'node:assert/strict';
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyClips,
  toyData,
  toyMethods,
  toyRecipe,
} from '../../node/toy.test-support.js';
import { openSearch } from '../../search/folder-search.js';
import { openAsking } from '../ask.js';
import { caption } from '../caption.js';
import type { AdapterChoice, Engine } from '../local/types.js';
import { openEngine } from './engine.js';

const folder = temporaryFolder();
const place = (name: string) => join(folder, name);
const adapterOf = (run: string) => join(place(run), 'adapter');
const RUNS = ['images', 'clips', 'lora', 'full', 'answers', 'clip answers', 'captions'] as const;
let backbone: string;
let engine: Engine;
const pictures = ['red-black', 'blue-grey', 'green-pink'].map((name) => join(place('data'), `${name}.png`));
const clips = toyClips.slice(0, 2).map(({ video }) => join(place('clip data'), video));
const files = [...pictures, ...clips];
const texts = ['a red square on black', 'blue', 'a green square on pink'];
const questions = ['what color is the square', 'what color is the ground', 'is the square red'];

before(async () => {
  backbone = await toyBackbone(place('backbone'), 1, ['red', 'pink', 'no']);
  const data = await toyData(place('data'));
  const clipData = await toyClipData(place('clip data'));
  const quick = ['train.epochs=1', 'train.batch=8', 'optimiser.learningRate=0.03'];
  const train = (run: (typeof RUNS)[number], path: string, ...changes: readonly string[]) =>
    runToy(toyRecipe(backbone, path, [...quick, ...changes]), place(run));
  await train('images', data);
  await train('clips', clipData, 'data.frames=2');
  await train('lora', data, ...toyMethods.lora);
  await train('full', data, ...toyMethods.full);
  await train('answers', data, 'task=answering');
  await train('clip answers', clipData, 'task=answering', 'data.frames=2');
  await train('captions', data, 'task=captioning');
  engine = await openEngine({ backbone });
});
after(() => engine.close());

const onProgress = () => {};
/** Sizes of batches differ, and with them the order in which float32 products are summed. */
const near = (a: number, b: number, what: string, tolerance = 1e-6) =>
  assert.ok(Math.abs(a - b) <= tolerance, `${what}: ${a}, ${b}`);
const nearAll = (a: ArrayLike<number>, b: ArrayLike<number>, what: string) => {
  assert.equal(a.length, b.length, what);
  for (let i = 0; i < a.length; i++) near(a[i] as number, b[i] as number, `${what} ${i}`);
};

/** Of rows of two matrices. */
const cosine = (a: Float32Array, i: number, b: Float32Array, j: number, width: number) =>
  a.subarray(i * width, (i + 1) * width).reduce((sum, x, k) => sum + x * (b[j * width + k] as number), 0);

for (const run of [null, 'images', 'clips', 'lora', 'full'] as const)
  test(`texts and files are as near and match as well as in a search, with ${run ?? 'no'} adapter`, async () => {
    const adapter = run && adapterOf(run);
    const search = await openSearch({ adapter, backbone, media: files, onProgress });
    const { width } = await engine.identity(adapter);
    const [words, looks] = await Promise.all([
      engine.textFeatures(adapter, texts),
      engine.mediaFeatures(adapter, files),
    ]);
    for (const [t, text] of texts.entries()) {
      const hits = await search.search(text, files.length);
      const matches = await engine.match(
        adapter,
        files.map((file) => ({ text, file })),
      );
      for (const { path, similarity, match, frameWeights } of hits) {
        const at = files.indexOf(path);
        near(cosine(words, t, looks.features, at, width), similarity, `similarity of ${path}`);
        near(matches[at]?.logit ?? Number.NaN, match, `match of ${path}`, 5e-6);
        nearAll(matches[at]?.frameWeights ?? [], frameWeights ?? [], 'frame weights');
      }
    }
    await search.close();
  });

for (const run of [null, 'answers', 'clip answers'] as const)
  test(`questions are answered as by the model alone, with ${run ?? 'no'} adapter`, async () => {
    const adapter = run && adapterOf(run);
    for (const file of files) {
      const alone = await openAsking({ adapter, backbone, media: [file], k: 2 });
      const expected = await alone.ask(file, questions);
      const found = await engine.ask(adapter, file, questions, { answers: 2, attention: false });
      for (const [i, { question, answers, frameWeights }] of found.entries()) {
        assert.equal(question, questions[i]);
        assert.deepEqual(
          answers.map(({ answer }) => answer),
          expected[i]?.answers.map(({ answer }) => answer),
        );
        nearAll(
          answers.map((one) => one.probability),
          expected[i]?.answers.map((one) => one.probability) ?? [],
          file,
        );
        nearAll(frameWeights ?? [], expected[i]?.frameWeights ?? [], 'frame weights');
      }
      await alone.close();
    }
  });

for (const run of [null, 'captions'] as const)
  test(`files are captioned as by the model alone, with ${run ?? 'no'} adapter`, async () => {
    const adapter = run && adapterOf(run);
    const expected = [
      ...(await caption({ adapter, backbone, media: pictures, onProgress })),
      ...(await caption({ adapter, backbone, media: clips, onProgress })),
    ];
    assert.deepEqual(
      await engine.caption(adapter, files),
      expected.map((one) => one.caption),
    );
  });

test('requests of many users at once get each their own', async () => {
  const adapters: AdapterChoice[] = [null, ...(['images', 'clips', 'lora', 'full'] as const).map(adapterOf)];
  const alone: Float32Array[] = [];
  for (const adapter of adapters) for (const text of texts) alone.push(await engine.textFeatures(adapter, [text]));
  const together = await Promise.all(
    Array.from({ length: 5 }, () =>
      adapters.flatMap((adapter) => texts.map((text) => engine.textFeatures(adapter, [text]))),
    ).flat(),
  );
  for (const [i, features] of together.entries()) nearAll(features, alone[i % alone.length] ?? [], `request ${i}`);
});

test('a file that cannot be read spoils nothing that it was computed with', async () => {
  const broken = place('broken.png');
  await writeFile(broken, 'no picture');
  const adapter = adapterOf('images');
  const good = (await engine.mediaFeatures(adapter, [pictures[0] as string])).features;
  const { features, unreadable } = await engine.mediaFeatures(adapter, [broken, pictures[0] as string]);
  assert.deepEqual([...unreadable.keys()], [0]);
  assert.match(unreadable.get(0) ?? '', /decode|image/);
  nearAll(features.subarray(good.length), good, 'the other file');
  const pair = { text: 'red', file: pictures[0] as string };
  const [alone] = await engine.match(adapter, [pair]);
  const files = [broken, pair.file, place('nowhere.png')];
  const matches = await engine.match(
    adapter,
    files.map((file) => ({ text: 'red', file })),
  );
  assert.deepEqual([matches[0], matches[2]], [null, null]);
  near(matches[1]?.logit ?? Number.NaN, alone?.logit ?? 0, 'the match of the other file', 5e-6);
  const asked = await refusal(engine.ask(adapterOf('answers'), broken, questions, { answers: 1, attention: false }));
  assert.equal(asked.code, 'data');
});

test('an adapter that is not there, is for another task or another backbone is refused, and the engine goes on', async () => {
  assert.equal((await refusal(engine.textFeatures(place('nowhere'), ['red']))).code, 'file');
  assert.equal((await refusal(engine.mediaFeatures(place('nowhere'), pictures))).code, 'file');
  assert.equal((await refusal(engine.textFeatures(adapterOf('answers'), ['red']))).code, 'recipe');
  const other = await openEngine({ backbone: await toyBackbone(place('other'), 2) });
  assert.equal((await refusal(other.identity(adapterOf('images')))).code, 'parameter');
  await other.close();
  assert.equal((await refusal(engine.textFeatures(null, [' ']))).code, 'data');
  assert.equal((await engine.textFeatures(null, ['red'])).length, (await engine.identity(null)).width);
});

test('an adapter whose files change is read anew, with another identity; unloaded, it is read again', async () => {
  const adapter = place('changing');
  await cp(adapterOf('images'), adapter, { recursive: true });
  const before = await engine.identity(adapter);
  assert.deepEqual(before, await engine.identity(adapterOf('images')), 'the folder does not matter');
  const [first] = [await engine.textFeatures(adapter, texts)];
  assert.ok(engine.loaded().some(({ folder, bytes }) => folder === adapter && bytes > 0));
  await rm(adapter, { recursive: true });
  await cp(adapterOf('clips'), adapter, { recursive: true });
  nearAll(await engine.textFeatures(adapter, texts), await engine.textFeatures(adapterOf('clips'), texts), 'new');
  assert.notEqual((await engine.identity(adapter)).key, before.key);
  assert.notDeepEqual(await engine.textFeatures(adapter, texts), first);
  await engine.unload(adapter);
  assert.ok(!engine.loaded().some(({ folder }) => folder === adapter));
  nearAll(await engine.textFeatures(adapter, texts), await engine.textFeatures(adapterOf('clips'), texts), 'again');
});

test('identities differ by adapter, and tell how clips are looked at', async () => {
  const all = [null, adapterOf('images'), adapterOf('clips')];
  const identities = await Promise.all(all.map((adapter) => engine.identity(adapter)));
  assert.equal(new Set(identities.map(({ key }) => key)).size, 3);
  assert.deepEqual(
    identities.map(({ frames }) => frames),
    [null, 1, 2],
  );
  assert.equal(new Set(identities.map(({ backbone }) => backbone)).size, 1);
});

test('beyond a number of bytes the adapters that were not used for long go', async () => {
  const [first, second] = [adapterOf('images'), adapterOf('clips')];
  await engine.textFeatures(first, texts);
  const bytes = engine.loaded().find((one) => one.folder === first)?.bytes ?? 0;
  const small = await openEngine({ backbone, adapterBytes: 1.5 * bytes });
  for (const adapter of [first, second, null, second]) await small.textFeatures(adapter, texts);
  assert.deepEqual(
    small.loaded().map((one) => one.folder),
    [second],
  );
  await small.textFeatures(first, texts);
  assert.deepEqual(
    small.loaded().map((one) => one.folder),
    [first],
  );
  await small.close();
});
