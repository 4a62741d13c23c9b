// From data with questions or captions to answers and captions of single files.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import {
  eventsOf,
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyClips,
  toyData,
  toyEntries,
  toyRecipe,
} from '../node/toy.test-support.js';
import * as api from '../verbs/api.js';
import { evaluateRun } from '../verbs/run.js';
import { openAdapter } from '../weights/store/adapter-folder.js';
import { runFolder } from '../weights/store/run-folder.js';

const folder = temporaryFolder();
const [answers, captions, clipAnswers] = ['answers', 'captions', 'clip answers'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
let backbone: string;
let learnt: string;
let data: string;
let clips: string;
const changes = ['train.epochs=2', 'train.batch=8', 'optimiser.learningRate=0.03'];
const events: Record<string, Awaited<ReturnType<typeof runToy>>> = {};
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  learnt = await toyBackbone(join(folder, 'learnt'), 1, ['red', 'pink', 'no']);
  data = await toyData(join(folder, 'data'));
  clips = await toyClipData(join(folder, 'clips'));
  events.answers = await runToy(toyRecipe(backbone, data, ['task=answering', ...changes]), answers);
  events.captions = await runToy(toyRecipe(backbone, data, ['task=captioning', ...changes]), captions);
  events.clips = await runToy(toyRecipe(backbone, clips, ['task=answering', ...changes]), clipAnswers);
});

const onProgress = () => {};
const scoresOf = (name: string) => eventsOf(events[name] ?? [], 'done')[0]?.scores;
const questions = ['what color is the square', 'what color is the ground', 'is the square red'];

test('an adapter that answers carries the answers of the training questions, the most common first', async () => {
  const { adapter } = runFolder(answers);
  const counts = new Map<string, number>();
  for (const { split, questions } of toyEntries)
    for (const { answer } of questions) if (split === 'train') counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const list: string[] = JSON.parse(await readFile(join(adapter, 'answers.json'), 'utf8'));
  assert.deepEqual(list.toSorted(), [...counts.keys()].sort());
  assert.deepEqual(list.slice(0, 3), ['no', 'black', 'yellow'], 'no: 6 of 24, grounds: 4 each');
  for (const [i, answer] of list.entries())
    if (i > 0) assert.ok((counts.get(answer) ?? 0) <= (counts.get(list[i - 1] ?? '') ?? 0));
  assert.deepEqual((await openAdapter(adapter)).answers, list);
  assert.deepEqual((await openAdapter(runFolder(captions).adapter)).answers, []);
  await assert.rejects(readFile(join(runFolder(captions).adapter, 'answers.json')), { code: 'ENOENT' });
});

test('evaluating an adapter gives the scores it was written with, and every answer or caption', async () => {
  const asked = await api.evaluate(answers);
  assert.deepEqual(asked.scores, scoresOf('answers'));
  assert.deepEqual(
    asked.results?.map(({ question_id }) => question_id),
    ['red', 'green', 'blue', 'white'].flatMap((colour) => [1, 2, 3].map((i) => `${colour}-grey.png#${i}`)),
  );
  const described = await api.evaluate(captions);
  assert.deepEqual(described.scores, scoresOf('captions'));
  assert.deepEqual(
    described.results?.map(({ image_id }) => image_id),
    ['red', 'green', 'blue', 'white'].map((colour) => `${colour}-grey.png`),
  );
});

test('a file is answered and captioned as it is in the evaluation', async () => {
  const { results } = await api.evaluate(answers);
  const answered = await api.ask(answers, join(data, 'blue-grey.png'), questions, { k: 2 });
  assert.deepEqual(
    answered.map(({ question }) => question),
    questions,
  );
  for (const [i, one] of answered.entries()) {
    const found = results?.find(({ question_id }) => question_id === `blue-grey.png#${i + 1}`);
    assert.equal(one.answers[0]?.answer, found?.answer);
    assert.equal(one.answers.length, 2);
    assert.ok((one.answers[0]?.probability ?? 0) >= (one.answers[1]?.probability ?? 1));
    assert.equal(one.frameWeights, undefined);
  }
  const files = ['white-grey.png', 'red-grey.png'].map((name) => join(data, name));
  const progress: string[] = [];
  const found = await api.caption(captions, files, { onProgress: (done, all) => progress.push(`${done}/${all}`) });
  const described = (await api.evaluate(captions)).results ?? [];
  assert.deepEqual(found, [
    { path: files[0], caption: described[3]?.caption },
    { path: files[1], caption: described[0]?.caption },
  ]);
  assert.equal(progress.at(-1), '4/4');
});

test('ids that are numbers are numbers in the results, since servers want them so', async () => {
  const entries = toyEntries.map((entry, i) => ({
    ...{ ...entry, id: 100 + i },
    questions: entry.questions.map((question, q) => ({ ...question, id: [`${i}${q}`, `q${i}${q}`, `0${i}${q}`][q] })),
  }));
  const numbered = await toyData(join(folder, 'numbered'), entries);
  const asked = await api.evaluate(answers, { data: numbered });
  assert.deepEqual(
    asked.results?.slice(0, 3).map(({ question_id }) => question_id),
    [30, 'q31', '032'],
  );
  const described = await api.evaluate(captions, { data: numbered });
  assert.deepEqual(
    described.results?.map(({ image_id }) => image_id),
    [103, 107, 111, 115],
  );
});

test('frames are decided by the data: eight where there are clips, none for images', async () => {
  const framesOf = async (run: string) => (await openAdapter(runFolder(run).adapter)).recipe.data.frames;
  assert.equal(await framesOf(clipAnswers), 8);
  assert.equal(await framesOf(answers), null);
  assert.equal(eventsOf(events.clips ?? [], 'plan')[0]?.frames, 8);
  assert.deepEqual((await api.evaluate(clipAnswers)).scores, scoresOf('clips'));
});

test('clips are asked with as many frames as in training, or as are wanted, and each is weighed', async () => {
  const clip = join(clips, toyClips[0]?.video ?? assert.fail());
  const weights = async (frames?: number) =>
    (await api.ask(clipAnswers, clip, questions.slice(0, 2), frames ? { frames } : {})).map(
      ({ frameWeights }) => frameWeights ?? [],
    );
  for (const frames of [undefined, 3])
    for (const own of await weights(frames)) {
      assert.equal(own.length, frames ?? 8);
      assert.ok(Math.abs(own.reduce((a, b) => a + b, 0) - own.length) < 1e-4, `${own}`);
    }
});

test('an adapter that was trained on images, or on one frame, looks at more without weighing them', async () => {
  const clip = join(clips, toyClips[0]?.video ?? assert.fail());
  for (const frames of [undefined, 1, 4]) {
    const [first] = await api.ask(answers, clip, questions, frames ? { frames } : {});
    assert.ok(first?.answers[0]?.answer);
    assert.equal(first?.frameWeights, undefined);
  }
  const { scores } = await evaluateRun({
    ...{ adapter: runFolder(answers).adapter, split: 'test', onProgress },
    recipe: toyRecipe(backbone, clips, ['task=answering', 'data.frames=2']),
  });
  assert.deepEqual([scores?.frames, scores?.frameAware], [2, false]);
  const oneFrame = ['task=answering', 'data.frames=1', 'data.testFrames=2', 'train.epochs=1'];
  const [done] = eventsOf(await runToy(toyRecipe(backbone, clips, oneFrame), join(folder, 'one frame')), 'done');
  assert.deepEqual([done?.scores?.frames, done?.scores?.frameAware], [2, false]);
});

test('without an adapter the backbone answers with what it has learnt, or writes', async () => {
  const file = join(data, 'red-pink.png');
  const [chosen] = await api.ask(null, file, questions, { backbone: learnt });
  assert.deepEqual(chosen?.answers.map(({ answer }) => answer).toSorted(), ['no', 'pink', 'red']);
  const [written] = await api.ask(null, file, questions, { backbone, k: 3 });
  assert.equal(written?.answers.length, 3);
  assert.ok(written?.answers.every(({ answer }) => !['no', 'pink', 'red'].includes(answer)));
  const [captioned] = await api.caption(null, [file], { backbone });
  assert.match(captioned?.caption ?? '', /^[a-z]/);
});

test('answers to choose from are those of a list, or what an adapter has learnt, or of the training questions', async () => {
  const list = join(folder, 'list.json');
  await writeFile(list, '["picture", "ground"]');
  const chosen = async (adapter: string | null, from: string, ...more: readonly string[]) => {
    const recipe = toyRecipe(from, data, ['task=answering', 'answering.rankedAnswers=99', ...more]);
    const { results } = await evaluateRun({ adapter, recipe, split: 'test', onProgress });
    return new Set(results?.map(({ answer }) => `${answer}`));
  };
  const within = (found: Set<string>, allowed: readonly string[]) =>
    assert.deepEqual(
      [...found].filter((answer) => !allowed.includes(answer)),
      [],
    );
  const { adapter } = runFolder(answers);
  within(await chosen(adapter, backbone, `answering.answerList=${list}`), ['picture', 'ground']);
  within(await chosen(adapter, backbone), (await openAdapter(adapter)).answers);
  within(await chosen(null, learnt), (await openAdapter(adapter)).answers); // as what is trained from it will
  within(await chosen(null, backbone), (await openAdapter(adapter)).answers);
  const training = await chosen(null, backbone);
  assert.ok(training.size > 1, 'the toy tells questions apart');
  await writeFile(list, '{"picture": 1}');
  const { code, message } = await refusal(chosen(adapter, backbone, `answering.answerList=${list}`));
  assert.equal(code, 'format');
  assert.match(message, /list\.json: .*expected array/);
});

test('an adapter asked for another task is refused, naming both', async () => {
  const file = join(data, 'red-pink.png');
  for (const [attempt, message] of [
    [
      () => api.ask(captions, file, questions),
      /adapter: .*for another task: got captioning, expected answering; train one/,
    ],
    [() => api.caption(answers, [file]), /got answering, expected captioning; train one with task=captioning/],
    [() => api.openSearch(answers, { media: data }), /got answering, expected retrieval/],
    [() => api.evaluate(answers, { task: 'retrieval' }), /got answering, expected retrieval/],
  ] as const) {
    const error = await refusal(attempt());
    assert.equal(error.code, 'recipe');
    assert.match(error.message, message);
  }
});

test('a file that cannot be read is refused by name', async () => {
  for (const attempt of [
    () => api.ask(answers, join(data, 'nowhere.png'), questions),
    () => api.caption(captions, [join(data, 'red-pink.png'), join(data, 'nowhere.png')]),
  ]) {
    const { code, message } = await refusal(attempt());
    assert.equal(code, 'file');
    assert.match(message, /nowhere\.png: is missing/);
  }
});

test('where somebody is told of what cannot be read, the other files are captioned as without it', async () => {
  const fine = ['white-grey.png', 'red-grey.png'].map((name) => join(data, name));
  const cut = join(folder, 'cut.png');
  await writeFile(cut, (await readFile(fine[0] as string)).subarray(0, 60));
  const told: string[] = [];
  const onUnreadable = (path: string, error: Error) => told.push(`${path} | ${error.message}`);
  const media = [join(data, 'nowhere.png'), fine[0], cut, fine[1]] as string[];
  assert.deepEqual(await api.caption(captions, media, { onUnreadable }), await api.caption(captions, fine));
  assert.equal(told.length, 2);
  assert.match(told[0] ?? '', /^\S*nowhere\.png \| \S*nowhere\.png: is missing/);
  assert.match(told[1] ?? '', /^\S*cut\.png \| \S*cut\.png: /);
  assert.deepEqual(await api.caption(captions, [cut], { onUnreadable }), []);
});
