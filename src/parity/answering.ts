// Question answering: whole training steps, then candidates scored one by one and the best of the k most topByFirstToken.

import { type Backend, compile } from '../compiler/runtime/index.js';
import { constant, gather, input, type Tensor, trace } from '../compiler/tensor/index.js';
import { uniadapter } from '../model/adapter/index.js';
import { decode, paddingMask, vocabularyLogits } from '../model/blip/index.js';
import { type Declaration, rootScope, type Scope } from '../model/nn/index.js';
import {
  answeringStep,
  answerNames,
  answerScorer,
  byLoss,
  firstTokens,
  fit,
  questionNames,
  questionReader,
  type RankSizes,
  tokenEncoder,
  topByFirstToken,
} from '../model/task/index.js';
import { type Check, compare, configOf, type Fixture, optionsOf, tolerances, weightsOf } from './fixture.js';
import { type Arrays, framesOf, replay, type Step } from './steps.js';

/** Checks training, then inference with the weights that the file holds as trained. */
export async function checkAnswering(fixture: Fixture, backend: Backend): Promise<Check[]> {
  const training = await replay(fixture, backend, {
    build: (p) => stepOf(fixture, p),
    batch: (n) => ({ ...questionsOf(fixture), ...answersOf(fixture), image: fixture.floats(`step${n}.image`) }),
    check: (n, results) => [
      compare('loss answer', `step${n}.loss`, [results.answer as Float32Array, fixture.floats(`step${n}.loss`)], {
        tolerance: tolerances.forward,
      }),
    ],
  });
  return [...training, ...(await inferenceChecks(fixture, backend))];
}

const modelOf = (fixture: Fixture, p: Scope) => ({
  p,
  config: configOf(fixture),
  method: uniadapter(optionsOf(fixture)),
});

function stepOf(fixture: Fixture, p: Scope): Step {
  const [batch, tokens] = fixture.shape('question_ids') as [number, number];
  const [answers, answerTokens] = fixture.shape('answer_ids') as [number, number];
  const { total, trained } = answeringStep(
    modelOf(fixture, p),
    { batch, questions: batch, tokens, answers, answerTokens, frames: framesOf(fixture) },
    { smoothing: Number(fixture.metadata('label_smoothing')), per: 'frames' },
  );
  return { total, trained, outputs: { answer: total } };
}

/** Each question has an image of its own. */
const questionsOf = (fixture: Fixture): Arrays => ({
  [questionNames.ids]: fixture.integers('question_ids'),
  [questionNames.mask]: fixture.integers('question_mask'),
  [questionNames.media]: Int32Array.from({ length: fixture.shape('question_ids')[0] as number }, (_, i) => i),
});

/** The file lists the answers question by question. */
const answersOf = (fixture: Fixture): Arrays => ({
  [answerNames.ids]: fixture.integers('answer_ids'),
  [answerNames.mask]: fixture.integers('answer_mask'),
  [answerNames.weight]: fixture.floats('answer_weights'),
  [answerNames.question]: Int32Array.from(
    [...fixture.integers('answers_per_question')].flatMap((n, question) => Array<number>(n).fill(question)),
  ),
});

/** Question states, logits, the loss of every candidate for every question, and the answers chosen. */
async function inferenceChecks(fixture: Fixture, backend: Backend): Promise<Check[]> {
  const results = await inference(fixture, backend);
  const [questions] = fixture.shape('question_ids') as [number];
  const [candidates, length] = fixture.shape('candidate_ids') as [number, number];
  const ids = fixture.integers('candidate_ids');
  const starts = Int32Array.from({ length: candidates }, (_, i) => ids[i * length + 1] as number);
  const rowOf = (name: string, question: number): Float32Array => {
    const width = (results[name] as Float32Array).length / questions;
    return (results[name] as Float32Array).subarray(question * width, (question + 1) * width);
  };
  const each = Array.from({ length: questions }, (_, i) => i);
  const best = each.map((question) => {
    const chosen = topByFirstToken(rowOf('logProbs', question), starts, Number(fixture.metadata('k_test')));
    const [best] = byLoss(chosen.map((candidate) => rowOf('loss', question)[candidate] as number));
    return chosen[best as number] as number;
  });
  const check = (quantity: string, key: string, got: ArrayLike<number>, tolerance: number = tolerances.forward) =>
    compare(quantity, key, [got, fixture.floats(key)], { tolerance });
  return [
    check('question states', 'eval.question_hidden', results.states as Float32Array),
    check('answer logits', 'eval.logits.0', results.logits as Float32Array),
    ...each.map((question) => check('candidate losses', `eval.nll.${question}`, rowOf('loss', question))),
    compare('answers chosen', 'eval.best', [best, fixture.integers('eval.best')], { tolerance: 0 }),
  ];
}

async function inference(fixture: Fixture, backend: Backend): Promise<Arrays> {
  const p = rootScope();
  const model = modelOf(fixture, p);
  const [questions, tokens] = fixture.shape('question_ids') as [number, number];
  const [candidates, answerTokens] = fixture.shape('candidate_ids') as [number, number];
  const answers = questions * candidates;
  const sizes = { questions, tokens };
  const media = { batch: questions, frames: framesOf(fixture) };
  const encoder = trace(() => ({ ...tokenEncoder(model, media) }));
  const reader = trace(() => questionReader(model, { ...sizes, ...media }));
  const scorer = trace(() => {
    const smoothing = Number(fixture.metadata('label_smoothing')); // the release's loss smooths in evaluation too
    const { loss } = answerScorer(model, { ...sizes, answers, answerTokens }, { smoothing });
    return { loss, ...firstTokens(model, sizes), logits: logitsOf(model, sizes, [candidates, answerTokens]) };
  });
  const programs = await Promise.all([encoder, reader, scorer].map((outputs) => compile(backend, outputs)));
  const mask = fixture.integers('question_mask');
  const weights = finalWeights(fixture, p.declarations());
  const repeated = (key: string) =>
    Int32Array.from({ length: answers * answerTokens }, (_, i) => {
      const values = fixture.integers(key);
      return values[i % values.length] as number;
    });
  const feeds = {
    ...weights,
    ...questionsOf(fixture),
    image: fixture.floats('eval.image'),
    'candidate/ids': fixture.integers('candidate_ids'),
    'candidate/mask': fixture.integers('candidate_mask'),
    [answerNames.ids]: repeated('candidate_ids'),
    [answerNames.mask]: repeated('candidate_mask'),
    [answerNames.question]: Int32Array.from({ length: answers }, (_, i) => Math.floor(i / candidates)),
  };
  let results: Arrays = { ...feeds, mask };
  for (const program of programs) results = { ...results, ...(await program.run(results)) };
  await Promise.all(programs.map((program) => program.release()));
  return results;
}

/** The file's trained tensors in the place of what they were at the start. */
function finalWeights(fixture: Fixture, declarations: readonly Declaration[]): Arrays {
  const trained = declarations.filter(({ path }) => fixture.has(`final.${path}`));
  return {
    ...weightsOf(fixture, declarations),
    ...Object.fromEntries(trained.map(({ path }) => [path, fixture.floats(`final.${path}`)])),
  };
}

/** The logits of every candidate's tokens for question 0. */
function logitsOf(
  model: ReturnType<typeof modelOf>,
  { questions, tokens }: RankSizes,
  shape: readonly [number, number],
): Tensor {
  const blip = fit(model, model.p);
  const texts = { ids: input('candidate/ids', shape, 'int32'), mask: input('candidate/mask', shape, 'int32') };
  const rows = constant(new Int32Array(shape[0]), [shape[0]], 'int32');
  const mask = paddingMask(gather(input('mask', [questions, tokens], 'int32'), rows));
  const states = input('states', [questions, tokens, model.config.text.width]);
  return vocabularyLogits(blip, decode(blip, texts, { tokens: states, rows, mask }));
}
