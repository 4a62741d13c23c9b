// Questions about one image or clip.

import { inferenceOf } from '../../evaluate/index.js';
import { createAnswerer, createMediaEncoder, type Inference, whileOpen } from '../../model/index.js';
import { framesFor, mediaSet } from './library.js';
import { loadTrained, type Trained } from './load.js';
import type { AnsweredQuestion, AskOptions } from './types.js';

/** Answers written where there are none to choose from. */
const WRITTEN: Inference = { by: 'generate', beams: 5, maxLength: 10 };
const CHOSEN = 128;

/** @throws file or data  when the file cannot be decoded */
export async function ask(options: AskOptions): Promise<readonly AnsweredQuestion[]> {
  const { media, questions, k } = options;
  const trained = await loadTrained({ ...options, task: 'answering' });
  const { model, codec, preprocess } = trained;
  const set = mediaSet([media]);
  const frames = framesFor(set, trained.adapter, options.frames);
  const answered = await whileOpen(
    createMediaEncoder(model, { preprocess, frames, batch: 1, features: false }),
    async (encoder) => {
      const { tokens } = await encoder.encode(set);
      const sizes = { batch: 1, pairs: questions.length, keep: k };
      const pairs = questions.map((_, text) => ({ media: 0, text }));
      return whileOpen(
        createAnswerer(model, { codec, frames, inference: inferenceFor(trained), ...sizes }),
        (answerer) => answerer.answer(pairs, { tokens, ...codec.questions(questions) }),
      );
    },
  );
  return answered.map(({ answers, frameWeights }, i) => ({
    question: questions[i] as string,
    answers,
    ...(frameWeights && { frameWeights: [...frameWeights] }),
  }));
}

function inferenceFor({ adapter, answers }: Trained): Inference {
  if (adapter) return inferenceOf(adapter.recipe, answers);
  return answers.length > 0 ? { by: 'rank', candidates: answers, k: CHOSEN } : WRITTEN;
}
