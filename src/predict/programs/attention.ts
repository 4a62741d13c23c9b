// Where a model looked when it gave an answer, one map a question.

import { gradients } from '../../compiler/autodiff/index.js';
import type { Codec } from '../../data/text/index.js';
import { imageTokens } from '../../model/blip/index.js';
import { compileLazily, type LoadedModel } from '../../model/index.js';
import { answerEvidence, answerNames, attentionMap, questionNames } from '../../model/task/index.js';
import type { AnswerSources } from './answerer.js';
import { finite } from './finite.js';
import { type Pair, type PairSizes, pairFeeds, pickRows } from './pairs.js';

export interface AttentionOptions extends PairSizes {
  /** F; null for images. */
  readonly frames: number | null;
  readonly codec: Codec;
}

export interface AttentionMaps {
  /**
   * The evidence for one answer a question, as many as the program takes at most.
   *
   * @param answers  one of each pair
   * @returns for each pair F · (N − 1) numbers from 0 to 1, frame by frame; all 0 where nothing speaks for the answer
   */
  maps(pairs: readonly Pair[], answers: readonly string[], sources: AnswerSources): Promise<readonly Float32Array[]>;
  release(): Promise<void>;
}

/** Lengths of answers are rounded up, so that few programs serve all. */
const MULTIPLE = 4;

export function createAttentionMaps(model: LoadedModel, options: AttentionOptions): AttentionMaps {
  const { codec, frames, pairs: questions } = options;
  const { config } = model;
  const [T, F] = [codec.maxTokens, frames ?? 1];
  const each = F * imageTokens(config) * config.vision.width;
  const size = F * (imageTokens(config) - 1);
  const programs = new Map<number, ReturnType<typeof compileLazily>>();

  function programFor(answerTokens: number): ReturnType<typeof compileLazily> {
    const program =
      programs.get(answerTokens) ??
      compileLazily(model, 'attention', () => {
        const { score, attentions } = answerEvidence(model, { ...options, questions, tokens: T, answerTokens });
        return { map: attentionMap(attentions, gradients(score, attentions), F) };
      });
    programs.set(answerTokens, program);
    return program;
  }

  return {
    async maps(pairs, answers, sources) {
      const U = Math.min(config.text.positions, MULTIPLE * Math.ceil(codec.longest(answers) / MULTIPLE));
      const { texts, rows, tokens } = await pairFeeds(pairs, { ...options, each }, sources.tokens);
      const filled = Array.from({ length: questions }, (_, i) => answers[i] ?? (answers[0] as string));
      const { ids, mask } = codec.answers(filled, U);
      const feeds = {
        ...model.weights,
        tokens,
        [questionNames.ids]: pickRows(sources.ids, texts, T),
        [questionNames.mask]: pickRows(sources.mask, texts, T),
        [questionNames.media]: rows,
        [answerNames.ids]: ids,
        [answerNames.mask]: mask,
        [answerNames.question]: Int32Array.from({ length: questions }, (_, i) => i),
      };
      const { map } = await finite(programFor(U).run(feeds));
      return pairs.map((_, i) => normalised((map as Float32Array).slice(i * size, (i + 1) * size)));
    },
    async release() {
      for (const program of programs.values()) await program.release();
    },
  };
}

/** So that the largest is 1. */
function normalised(map: Float32Array): Float32Array {
  const largest = map.reduce((a, b) => Math.max(a, b), 0);
  return largest > 0 ? map.map((x) => x / largest) : map;
}
