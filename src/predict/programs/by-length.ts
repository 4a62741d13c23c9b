// Programs that take texts, one for each length that comes: what is padding for all texts of a batch is not computed.

import type { Feeds } from '../../compiler/runtime/index.js';
import type { NumberArray, Tensor } from '../../compiler/tensor/index.js';
import { type Tokens, trimmed } from '../../data/text/index.js';
import { compileLazily, type LoadedModel } from '../../model/index.js';
import { finite } from './finite.js';

export interface TextProgram {
  /** @param texts  i32 [texts, T], fed as `ids` and `mask`, without padding that all of them have */
  run(texts: Tokens, feeds: Feeds): Promise<Record<string, NumberArray>>;
  release(): Promise<void>;
}

/**
 * A program for any length of texts up to T; each is compiled when it is first needed.
 *
 * @param maxTokens  T
 * @param build      what it computes for texts of some length
 */
export function compileByLength(
  model: LoadedModel,
  name: string,
  maxTokens: number,
  build: (tokens: number) => Readonly<Record<string, Tensor>>,
): TextProgram {
  const programs = new Map<number, ReturnType<typeof compileLazily>>();
  return {
    async run(texts, feeds) {
      const { ids, mask, length } = trimmed(texts, maxTokens);
      const program = programs.get(length) ?? compileLazily(model, name, () => build(length));
      programs.set(length, program);
      return finite(program.run({ ...feeds, ids, mask }));
    },
    async release() {
      for (const program of programs.values()) await program.release();
    },
  };
}
