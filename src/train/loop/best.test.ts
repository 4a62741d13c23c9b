// Which epoch is kept, by the figure of each task; and how many programs a run needs.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../../data/dataset/dataset.js';
import type { MediaSet } from '../../data/items/index.js';
import type { Scores, ScoresOf } from '../../evaluate/index.js';
import type { TaskName } from '../../model/index.js';
import { temporaryFolder, toyBackbone, toyData } from '../../node/toy.test-support.js';
import { finished, jobOf } from './toy.test-support.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

const looked = { items: 4, frames: null, frameAware: false };
const recalls = (r1: number, r5: number) => ({ 'R@1': r1, 'R@5': r5, 'R@10': 90, medianRank: 1, meanRank: 2 });
const retrieval = (texts: number, media: number): ScoresOf<'retrieval'> => {
  const ways = { textToMedia: recalls(texts, 60), mediaToText: recalls(media, 60) };
  return { task: 'retrieval', ...ways, firstStage: ways, texts: 4, ...looked };
};
const answering = (accuracy: number, number: number): ScoresOf<'answering'> => ({
  ...{ task: 'answering', metric: 'vqa', accuracy, byType: { number }, questions: 12, inference: 'rank', ...looked },
});
const captioning = (CIDEr: number, bleu: number): ScoresOf<'captioning'> => ({
  ...{ task: 'captioning', CIDEr, BLEU: [bleu, bleu, bleu, bleu], references: 4, ...looked },
});

/** A run of three epochs whose validations have given scores: the epoch that is kept, and its parameters after each. */
async function runWith(task: TaskName, scores: readonly (Scores | null)[]) {
  const rate = 'optimiser.learningRate=0.02';
  const { job } = await jobOf(backbone, data, [`task=${task}`, 'train.epochs=3', rate, 'train.batch=8']);
  const after: Float32Array[] = [];
  const path = 'adapters.0.down_proj.weight';
  const { events, trained } = await finished({
    ...job,
    task: {
      ...job.task,
      async evaluate(model, set) {
        if (set === job.val) after.push(model.weights[path] as Float32Array);
        return set === job.val ? (scores[after.length - 1] as Scores | null) : null;
      },
    },
  });
  const tested = events.find((event) => event.type === 'evaluation' && event.split === 'test');
  assert.ok(tested?.type === 'evaluation' && trained);
  const { best, parameters } = trained.state;
  assert.deepEqual(best?.parameters[path] ?? parameters[path], after[tested.epoch], 'they are those after the epoch');
  assert.notDeepEqual(after[0], after[1]);
  assert.equal(best?.epoch ?? 2, tested.epoch);
  return { epoch: tested.epoch, score: best?.score };
}

test('retrieval keeps the epoch with the best mean recall of both ways', async () => {
  const scores = [retrieval(50, 10), retrieval(40, 40), retrieval(60, 10)];
  const mean = (40 + 40 + 60 + 60 + 90 + 90) / 6;
  assert.deepEqual(await runWith('retrieval', scores), { epoch: 1, score: mean });
});

test('answering keeps the epoch with the best accuracy over all types', async () => {
  const scores = [answering(30, 90), answering(50, 10), answering(40, 95)];
  assert.deepEqual(await runWith('answering', scores), { epoch: 1, score: 50 });
});

test('captioning keeps the epoch with the best CIDEr', async () => {
  const scores = [captioning(20, 60), captioning(80, 10), captioning(70, 70)];
  assert.deepEqual(await runWith('captioning', scores), { epoch: 1, score: 80 });
});

test('of epochs that are equally good the first is kept', async () => {
  assert.equal((await runWith('captioning', [captioning(70, 1), captioning(80, 2), captioning(80, 3)])).epoch, 1);
});

test('where nothing could be scored the last parameters are kept, not the first', async () => {
  assert.deepEqual(await runWith('answering', [null, null, null]), { epoch: 2, score: undefined });
});

/** The set with other answers to its questions. @param answers  of question number i */
function withAnswers(set: MediaSet, answers: (i: number) => readonly string[]): MediaSet {
  let i = 0;
  const items = set.items.map((item) => ({
    ...item,
    questions: item.questions.map((question) => ({ ...question, answers: answers(i++) })),
  }));
  return { ...set, items };
}

test('batches with more answers get programs of their own, one for each size that occurs', async () => {
  const { train } = (await openDataset(data, { seed: 1 })).splits;
  const programsFor = async (answers: (i: number) => readonly string[]) => {
    const set = withAnswers(train, answers);
    const none = { ...train, items: [] };
    const change = { trainSet: () => set, val: none, test: none };
    const { job, programs } = await jobOf(backbone, data, ['task=answering', 'train.epochs=1'], change);
    const sizes = new Set<unknown>();
    const counting = { ...job.task, encode: noting(job.task.encode, sizes) };
    await finished({ ...job, task: counting });
    assert.equal(programs.loaded, 0);
    return { programs: programs.ever, sizes: sizes.size };
  };
  const noting =
    (encode: Awaited<ReturnType<typeof jobOf>>['job']['task']['encode'], sizes: Set<unknown>): typeof encode =>
    (items, samples) => {
      const encoded = encode(items, samples);
      sizes.add(encoded.sizes.answers);
      return encoded;
    };
  assert.deepEqual(await programsFor(() => ['red']), { programs: 2, sizes: 1 });
  const many = await programsFor((i) => (i % 6 ? ['red'] : ['red', 'green', 'blue', 'white', 'black', 'pink']));
  assert.ok(many.sizes > 1);
  assert.equal(many.programs, 1 + many.sizes);
});
