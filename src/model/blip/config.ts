// Sizes of the backbone as data. Every size works; these are the ones with a name.

import type { Hooks } from '../nn/index.js';

/** A tower's sizes: D, depth, H and the width of the feed-forward. */
export interface TowerConfig {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly mlp: number;
  /** Added to the variance in every LayerNorm. Original BLIP: vision 1e-6, text 1e-12; others carry their own. */
  readonly eps: number;
}

export interface BlipConfig {
  readonly vision: TowerConfig & {
    /** Pixels a side, S. */
    readonly imageSize: number;
    /** Pixels a side of a patch. */
    readonly patch: number;
  };
  readonly text: TowerConfig & {
    /** V, special tokens included. */
    readonly vocabulary: number;
    /** The longest text. */
    readonly positions: number;
  };
  /** P: width of the space in which images and texts are compared. */
  readonly projection: number;
  /** `[ENC]`, the first token where a text looks at an image. */
  readonly encodeToken: number;
  /** The tower that writes, `text_decoder`, of the text tower's sizes; absent from backbones that only retrieve. */
  readonly decoder?: DecoderConfig;
}

export interface DecoderConfig {
  /** `[DEC]`, the first token of what is written. */
  readonly startToken: number;
  /**
   * Whether the LM head projects with the decoder's word embeddings. Otherwise it has a matrix of its own,
   * `text_decoder.cls.predictions.decoder.weight`.
   */
  readonly tied: boolean;
}

/** A configuration and a method's hooks. */
export interface Fitted {
  readonly config: BlipConfig;
  readonly hooks: Hooks;
}

/** ViT-B/16 with BERT-base, as in BLIP's retrieval checkpoints (223.7 M parameters at 384 pixels). */
export const blipBase: BlipConfig = {
  vision: { imageSize: 384, patch: 16, width: 768, layers: 12, heads: 12, mlp: 3072, eps: 1e-6 },
  text: { vocabulary: 30524, positions: 512, width: 768, layers: 12, heads: 12, mlp: 3072, eps: 1e-12 },
  projection: 256,
  encodeToken: 30523,
  decoder: { startToken: 30522, tied: true },
};

/** Small enough to train from nothing on two cores; `[DEC]` and `[ENC]` end the vocabulary, as in BLIP. */
export const tiny: BlipConfig = {
  vision: { imageSize: 64, patch: 8, width: 128, layers: 4, heads: 4, mlp: 512, eps: 1e-6 },
  text: { vocabulary: 2048, positions: 48, width: 128, layers: 4, heads: 4, mlp: 512, eps: 1e-12 },
  projection: 64,
  encodeToken: 2047,
  decoder: { startToken: 2046, tied: true },
};

/** N: patches + 1 for the class token. */
export const imageTokens = ({ vision: { imageSize, patch } }: BlipConfig): number => (imageSize / patch) ** 2 + 1;
