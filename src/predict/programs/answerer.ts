// Questions about encoded images and clips → answers, chosen from a list or written freely.

import type { Codec, Tokens } from '../../data/text/index.js';
import { imageTokens } from '../../model/blip/index.js';
import { compileFor, type LoadedModel } from '../../model/index.js';
import { questionNames, questionReader } from '../../model/task/index.js';
import type { EncodedMedia } from './media-encoder.js';
import { chunks, type Pair, type PairSizes, pairFeeds, pickRows } from './pairs.js';
import { type Chooser, createRanker, type RankedAnswer } from './ranker.js';
import { createWriter } from './writer.js';

/** How an answer is found. */
export type Inference =
  | {
      readonly by: 'rank';
      readonly candidates: readonly string[];
      readonly k: number;
      readonly smoothing?: number;
    }
  | { readonly by: 'generate'; readonly beams: number; readonly maxLength: number };

export interface Answered {
  /** The most probable first. */
  readonly answers: readonly RankedAnswer[];
  /** f32 [F] where frames are weighed, else null. */
  readonly frameWeights: Float32Array | null;
}

export interface AnswerSources extends Tokens {
  readonly tokens: EncodedMedia['tokens'];
}

export interface Answerer {
  /** Answers a question per pair; those about one item should follow each other. */
  answer(
    pairs: readonly Pair[],
    sources: AnswerSources,
    onProgress?: (done: number) => void,
  ): Promise<readonly Answered[]>;
  release(): Promise<void>;
}

export interface AnswererOptions extends PairSizes {
  /** F; null for images. */
  readonly frames: number | null;
  readonly codec: Codec;
  readonly inference: Inference;
  /** Answers that are returned of each question, at most; default 5. */
  readonly keep?: number;
}

export async function createAnswerer(model: LoadedModel, options: AnswererOptions): Promise<Answerer> {
  const { frames, codec, pairs: questions, keep = 5 } = options;
  const { config } = model;
  const [T, F] = [codec.maxTokens, frames ?? 1];
  const sizes = { ...options, each: F * imageTokens(config) * config.vision.width };
  const reader = await compileFor(model, 'question reader', () =>
    questionReader(model, { ...sizes, questions, tokens: T }),
  );
  const chooser = await createChooser(model, options);

  async function answerSome(chunk: readonly Pair[], sources: AnswerSources): Promise<Answered[]> {
    const { texts, rows, tokens } = await pairFeeds(chunk, sizes, sources.tokens);
    const mask = pickRows(sources.mask, texts, T);
    const read = await reader.run({
      ...model.weights,
      tokens,
      [questionNames.ids]: pickRows(sources.ids, texts, T),
      [questionNames.mask]: mask,
      [questionNames.media]: rows,
    });
    const chosen = await chooser.choose(read.states as Float32Array, mask);
    const all = read.frameWeights as Float32Array | undefined;
    return chunk.map((_, i) => ({
      answers: (chosen[i] as readonly RankedAnswer[]).slice(0, keep),
      frameWeights: all?.slice(i * F, (i + 1) * F) ?? null,
    }));
  }

  return {
    async answer(pairs, sources, onProgress) {
      const answered: Answered[] = [];
      for (const chunk of chunks(pairs, sizes)) {
        answered.push(...(await answerSome(chunk, sources)));
        onProgress?.(answered.length);
      }
      return answered;
    },
    async release() {
      await reader.release();
      await chooser.release();
    },
  };
}

async function createChooser(model: LoadedModel, options: AnswererOptions): Promise<Chooser> {
  const { codec, inference, pairs: questions } = options;
  if (inference.by === 'rank') return createRanker(model, { ...inference, codec, questions, tokens: codec.maxTokens });
  const writer = await createWriter(model, {
    ...inference,
    batch: questions,
    seenTokens: codec.maxTokens,
    seenWidth: model.config.text.width,
    given: [codec.tokens.bos],
    end: codec.tokens.sep,
  });
  return {
    async choose(states, mask) {
      const written = await writer.write(states, mask);
      return written.map((texts) =>
        texts.map(({ tokens, logProb }) => ({ answer: codec.decode(tokens), probability: Math.exp(logProb) })),
      );
    },
    release: () => writer.release(),
  };
}
