// Encoded images and clips → captions.

import type { Codec } from '../../data/text/index.js';
import { imageTokens } from '../../model/blip/index.js';
import type { LoadedModel } from '../../model/index.js';
import type { WrittenText } from '../../model/task/index.js';
import type { EncodedMedia } from './media-encoder.js';
import { createWriter } from './writer.js';

export interface CaptionerOptions {
  readonly codec: Codec;
  /** F; null for images. */
  readonly frames: number | null;
  /** Items the programs take at once. */
  readonly batch: number;
  /** What every caption starts with, such as "a picture of "; it is not part of the result. */
  readonly prompt: string;
  readonly beams: number;
  /** Tokens, those of the prompt included. */
  readonly maxLength: number;
  readonly minLength: number;
}

export interface Captioner {
  /** Captions the first `count` items of what was encoded. */
  captions(
    tokens: EncodedMedia['tokens'],
    count: number,
    onProgress?: (done: number) => void,
  ): Promise<readonly string[]>;
  release(): Promise<void>;
}

/** `[DEC] prompt`, as ids. */
export function promptTokens({ prompted, tokens }: Codec, prompt: string): readonly number[] {
  const room = prompt.length + 2; // a token has a letter at least
  const { ids, mask } = prompted(prompt, [''], room);
  return [tokens.bos, ...ids.subarray(1, mask.lastIndexOf(1))];
}

export async function createCaptioner(model: LoadedModel, options: CaptionerOptions): Promise<Captioner> {
  const { codec, batch, frames, prompt } = options;
  const seenTokens = (frames ?? 1) * imageTokens(model.config);
  const seenWidth = model.config.vision.width;
  const each = seenTokens * seenWidth;
  const given = promptTokens(codec, prompt);
  const writer = await createWriter(model, { ...options, seenTokens, seenWidth, given, end: codec.tokens.sep });
  const mask = new Int32Array(batch * seenTokens).fill(1);
  return {
    async captions(tokensOf, count, onProgress) {
      const captions: string[] = [];
      for (let from = 0; from < count; from += batch) {
        const states = new Float32Array(batch * each);
        const rows = Math.min(batch, count - from);
        for (let i = 0; i < rows; i++) states.set(await tokensOf(from + i), i * each);
        const written = await writer.write(states, mask);
        const best = written.slice(0, rows).map((texts) => (texts[0] as WrittenText).tokens);
        captions.push(...best.map((tokens) => codec.decode(tokens)));
        onProgress?.(captions.length);
      }
      return captions;
    },
    release: () => writer.release(),
  };
}
