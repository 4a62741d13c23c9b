// Questions about images and clips, one after the other, with one loaded model.

import { refuseBlank } from './programs/blank.js';
import type { RankedAnswer } from './programs/index.js';
import { createAnswerer, createMediaEncoder, type Inference, inferenceOf } from './programs/index.js';
import { framesFor, mediaSet } from './programs/library.js';
import { loadTrained, type Trained } from './programs/load.js';
import type { ModelOptions } from './programs/options.js';

export interface AskOptions extends ModelOptions {
  /** What the backbone alone chooses from, such as an adapter's answers to compare with. Default: what it has learnt. */
  readonly answers?: readonly string[];
  /** Some of what will be asked about: images, clips or folders of frames, which decide how many frames are looked at. */
  readonly media: readonly string[];
  /** Answers of each question, at most. */
  readonly k: number;
}

export interface Asking {
  /** @throws file or data  when the file cannot be decoded */
  readonly ask: (path: string, questions: readonly string[]) => Promise<readonly AnsweredQuestion[]>;
  readonly close: () => Promise<void>;
}

export interface AnsweredQuestion {
  readonly question: string;
  /** The most probable first. */
  readonly answers: readonly RankedAnswer[];
  /** As in {@link Hit}. */
  readonly frameWeights?: readonly number[];
}

/** Answers written where there are none to choose from. */
const WRITTEN: Inference = { by: 'generate', beams: 5, maxLength: 10 };
const CHOSEN = 128;

/**
 * Loads a model to ask.
 *
 * @throws recipe  when the adapter was trained for another task, or the backbone has no parts for this one
 */
export async function openAsking(options: AskOptions): Promise<Asking> {
  const { media, k } = options;
  const trained = await loadTrained({ ...options, task: 'answering' });
  const { model, codec, preprocess } = trained;
  const frames = framesFor(await mediaSet(media), trained.adapter, options.frames);
  const encoder = await createMediaEncoder(model, { preprocess, frames, batch: 1, features: false });
  const inference = inferenceFor(
    trained.adapter === null && options.answers ? { ...trained, answers: options.answers } : trained,
  );
  const answerer = await createAnswerer(model, { codec, frames, inference, batch: 1, pairs: 1, keep: k });
  return {
    async ask(path, questions) {
      refuseBlank('question', questions);
      const { tokens } = await encoder.encode(await mediaSet([path]));
      const pairs = questions.map((_, text) => ({ media: 0, text }));
      const answered = await answerer.answer(pairs, { tokens, ...codec.questions(questions) });
      return answered.map(
        ({ answers, frameWeights }, i): AnsweredQuestion => ({
          question: questions[i] as string,
          answers,
          ...(frameWeights && { frameWeights: [...frameWeights] }),
        }),
      );
    },
    async close() {
      await answerer.release();
      await encoder.release();
    },
  };
}

/** How a model answers: as its recipe says; the backbone alone chooses from its own answers, or writes. */
export function inferenceFor({ adapter, answers }: Pick<Trained, 'adapter' | 'answers'>): Inference {
  if (adapter) return inferenceOf(adapter.recipe, answers);
  return answers.length > 0 ? { by: 'rank', candidates: answers, k: CHOSEN } : WRITTEN;
}
