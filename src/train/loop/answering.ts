// Training for question answering: a question a sample, with every answer its annotators gave, weighed by how many did.

import type { NumberArray } from '../../compiler/tensor/index.js';
import type { Question } from '../../data/items/index.js';
import { type AnsweringResult, type AnsweringScores, evaluateTask } from '../../evaluate/index.js';
import { answeringStep, answerNames, questionNames } from '../../model/task/index.js';
import { pickRows } from '../../predict/programs/index.js';
import { inSlices, type Slice } from './gradients.js';
import type { TaskOptions } from './options.js';
import type { StepBatch, TrainTask } from './task.js';

/** An answer of a question of the batch. */
interface Row {
  readonly question: number;
  readonly answer: string;
  readonly weight: number;
}

export function answeringTask(options: TaskOptions): TrainTask<AnsweringScores | null> {
  const { recipe, looking, testFrames, candidates, answerTokens } = options;
  const { codec, frames } = looking;
  const { batch } = recipe.train;
  const { smoothing } = recipe.answering;
  const sizes = { batch, questions: batch, tokens: codec.maxTokens, answers: batch, answerTokens, frames };
  return {
    texts: ({ questions }) => questions.filter(isLearnt).length,
    sizes,
    padded: questionNames,
    queue: 0,
    encode(items, samples) {
      const questions = samples.map(({ item, text }) => learnt(items[item]?.questions ?? [])[text] as Question);
      const rows = questions.flatMap((question, i) => answersOf(question).map((row) => ({ question: i, ...row })));
      const answers = batch * Math.ceil(rows.length / batch); // few sizes, so few programs
      return { feeds: { ...asked(questions), ...answered(rows, answers) }, sizes: { ...sizes, answers } };
    },
    trace(model, given) {
      const per = recipe.profile === 'official' ? 'frames' : 'questions';
      return answeringStep(model, { ...sizes, ...given } as typeof sizes, { smoothing, per });
    },
    inPieces(model, piece) {
      const per = recipe.profile === 'official' ? 'frames' : 'questions';
      const trace: typeof this.trace = (model, given) =>
        answeringStep(model, { ...sizes, ...given, batch: piece, questions: piece } as typeof sizes, {
          smoothing,
          per,
        });
      return inSlices(model, { trace, sizes: { ...sizes, answers: piece } }, (given) => slicesOf(given, piece));
    },
    async evaluate(model, set) {
      const how = { ...looking, frames: testFrames, candidates };
      return ((await evaluateTask(model, set, recipe, how)) as AnsweringResult).scores;
    },
    selectionMetric: (scores) => scores?.accuracy ?? Number.NEGATIVE_INFINITY,
  };

  /** Questions with their pictures and answers; filled up likewise. */
  function slicesOf({ feeds }: StepBatch, piece: number): Slice[] {
    return Array.from({ length: batch / piece }, (_, slice) => {
      const rows = Array.from({ length: piece }, (_, i) => slice * piece + i);
      const of = (name: string, rows: readonly number[], all: number): NumberArray => {
        const array = feeds[name] as Float32Array | Int32Array;
        return pickRows(array, rows, array.length / all);
      };
      const weights = feeds[answerNames.weight] as Float32Array;
      const owners = feeds[answerNames.question] as Int32Array;
      const own = [...weights.keys()].filter((i) => weights[i] !== 0 && rows.includes(owners[i] as number));
      const answers = piece * Math.max(1, Math.ceil(own.length / piece));
      const filled = Array.from({ length: answers }, (_, i) => own[i] ?? own[0] ?? 0);
      return {
        share: piece / batch,
        sizes: { ...sizes, answers },
        feeds: {
          ...feeds,
          image: of('image', rows, batch),
          [questionNames.ids]: of(questionNames.ids, rows, batch),
          [questionNames.mask]: of(questionNames.mask, rows, batch),
          [questionNames.media]: Int32Array.from(rows.keys()),
          [answerNames.ids]: of(answerNames.ids, filled, weights.length),
          [answerNames.mask]: of(answerNames.mask, filled, weights.length),
          [answerNames.question]: Int32Array.from(filled, (i) => Math.max(0, (owners[i] as number) - slice * piece)),
          [answerNames.weight]: Float32Array.from(filled, (i, at) => (at < own.length ? (weights[i] as number) : 0)),
        },
      };
    });
  }

  function asked(questions: readonly Question[]) {
    const { ids, mask } = codec.questions(questions.map(({ question }) => question));
    const media = Int32Array.from(questions, (_, i) => i); // each has its own picture in the batch
    return { [questionNames.ids]: ids, [questionNames.mask]: mask, [questionNames.media]: media };
  }

  function answered(rows: readonly Row[], count: number) {
    const at = (i: number) => rows[i] ?? { ...(rows[0] as Row), weight: 0 };
    const filled = Array.from({ length: count }, (_, i) => at(i));
    const { ids, mask } = codec.answers(
      filled.map(({ answer }) => answer),
      answerTokens,
    );
    return {
      [answerNames.ids]: ids,
      [answerNames.mask]: mask,
      [answerNames.question]: Int32Array.from(filled, ({ question }) => question),
      [answerNames.weight]: Float32Array.from(filled, ({ weight }) => weight),
    };
  }
}

/** A question whose answers nobody told cannot be learnt. */
const isLearnt = ({ answers }: Question): boolean => answers.length > 0;
const learnt = (questions: readonly Question[]): readonly Question[] => questions.filter(isLearnt);

/** Each different answer of a question, with the share of the annotators who gave it. */
function answersOf({ answers, weight = 1 }: Question): Omit<Row, 'question'>[] {
  return [...new Set(answers)].map((answer) => {
    const given = answers.filter((other) => other === answer).length;
    return { answer, weight: (weight * given) / answers.length };
  });
}
