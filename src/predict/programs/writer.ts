// Writing texts by beam search: what is looked at is projected once, then one small program runs per token.

import { compileFor, type LoadedModel } from '../../model/index.js';
import {
  type BeamOptions,
  beamSearch,
  type WriterSizes,
  type WrittenText,
  writerMemory,
  writerStep,
  writerSteps,
} from '../../model/task/index.js';
import { finite } from './finite.js';

export interface Writer {
  /**
   * Writes one text per row.
   *
   * @param states  f32 [batch, seenTokens, D]: a question's states, or an item's tokens
   * @param mask    int32 [batch, seenTokens], 1 where there is something to see
   * @returns for each row what the search found, the best first
   */
  write(states: Float32Array, mask: Int32Array): Promise<readonly (readonly WrittenText[])[]>;
  release(): Promise<void>;
}

export interface WriterOptions extends Omit<WriterSizes, 'length'>, Omit<BeamOptions, 'texts' | 'beams'> {
  /** Tokens of the longest text, the given ones included; more than the decoder has positions for are not written. */
  readonly maxLength: number;
}

export async function createWriter(model: LoadedModel, options: WriterOptions): Promise<Writer> {
  const maxLength = Math.min(options.maxLength, model.config.text.positions);
  const sizes: WriterSizes = { ...options, length: maxLength };
  const memory = await compileFor(model, 'decoder memory', () => writerMemory(model, sizes));
  const step = await compileFor(model, 'decoder step', () => writerStep(model, sizes));
  return {
    async write(states, mask) {
      const seen = await memory.run({ ...model.weights, states });
      const next = writerSteps(model, sizes, (feeds) => finite(step.run(feeds)), { ...model.weights, ...seen, mask });
      return beamSearch(next, { ...options, maxLength, texts: options.batch });
    },
    async release() {
      await memory.release();
      await step.release();
    },
  };
}
