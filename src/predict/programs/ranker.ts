// Answers by rank: of a list of candidates those whose first word is probable, scored whole, the most probable first.

import type { Codec } from '../../data/text/index.js';
import { compileFor, type LoadedModel } from '../../model/index.js';
import {
  answerNames,
  answerScorer,
  byLoss,
  firstTokens,
  type RankSizes,
  topByFirstToken,
} from '../../model/task/index.js';
import { finite } from './finite.js';
import { pickRows } from './pairs.js';

export interface RankedAnswer {
  readonly answer: string;
  /** Of all texts the decoder could write, 0…1. */
  readonly probability: number;
}

/** Chooses answers from what a question's states say. */
export interface Chooser {
  /**
   * @param states  f32 [Q, T, D]
   * @param mask    int32 [Q, T]
   * @returns for each question its answers, the most probable first
   */
  choose(states: Float32Array, mask: Int32Array): Promise<readonly (readonly RankedAnswer[])[]>;
  release(): Promise<void>;
}

export interface RankerOptions extends RankSizes {
  readonly codec: Codec;
  /** All answers there are to choose from. */
  readonly candidates: readonly string[];
  /** k: how many of them are scored whole. */
  readonly k: number;
  /** Of the targets, as in training; the release ranks by the smoothed loss. Default 0. */
  readonly smoothing?: number;
  /** Of the logits that are computed at once, which bounds the answers scored together; default 256 MiB. */
  readonly logitBytes?: number;
}

export async function createRanker(model: LoadedModel, options: RankerOptions): Promise<Chooser> {
  const { codec, candidates, questions, smoothing = 0, logitBytes = 2 ** 28 } = options;
  const { vocabulary } = model.config.text;
  const answerTokens = codec.longest(candidates);
  const { ids, mask: tokenMask } = codec.answers(candidates, answerTokens);
  const starts = Int32Array.from(candidates, (_, i) => ids[i * answerTokens + 1] as number);
  const k = Math.min(options.k, candidates.length);
  const most = Math.max(1, Math.floor(logitBytes / (4 * answerTokens * vocabulary)));
  const answers = Math.min(questions * k, most);
  const first = await compileFor(model, 'first tokens', () => ({ ...firstTokens(model, options) }));
  const scorer = await compileFor(model, 'answer scorer', () => ({
    ...answerScorer(model, { ...options, answers, answerTokens }, { smoothing }),
  }));

  /** The losses of pairs of a question and a candidate. */
  async function score(pairs: readonly (readonly [number, number])[], states: Float32Array, mask: Int32Array) {
    const losses = new Float32Array(pairs.length);
    for (let from = 0; from < pairs.length; from += answers) {
      const at = (i: number) => pairs[Math.min(from + i, pairs.length - 1)] as readonly [number, number];
      const rows = Array.from({ length: answers }, (_, i) => at(i)[1]);
      const feeds = {
        ...model.weights,
        states,
        mask,
        [answerNames.ids]: pickRows(ids, rows, answerTokens),
        [answerNames.mask]: pickRows(tokenMask, rows, answerTokens),
        [answerNames.question]: Int32Array.from({ length: answers }, (_, i) => at(i)[0]),
      };
      const { loss } = await finite(scorer.run(feeds));
      losses.set((loss as Float32Array).subarray(0, Math.min(answers, pairs.length - from)), from);
    }
    return losses;
  }

  return {
    async choose(states, mask) {
      const { logProbs } = await finite(first.run({ ...model.weights, states, mask }));
      const row = (question: number) =>
        (logProbs as Float32Array).subarray(question * vocabulary, (question + 1) * vocabulary);
      const pairs = Array.from({ length: questions }, (_, question) =>
        topByFirstToken(row(question), starts, k).map((candidate) => [question, candidate] as const),
      ).flat();
      const losses = await score(pairs, states, mask);
      return Array.from({ length: questions }, (_, question) => {
        const at = question * k;
        return byLoss(losses.subarray(at, at + k)).map((i) => ({
          answer: candidates[(pairs[at + i] as readonly [number, number])[1]] as string,
          probability: Math.exp(-(losses[at + i] as number)),
        }));
      });
    },
    async release() {
      await first.release();
      await scorer.release();
    },
  };
}
