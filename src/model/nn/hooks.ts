// The one place where a method meets the backbone: functions a block calls if they are there. The backbone knows
// nothing else about methods, and without any it is the backbone itself.

import type { Tensor } from '../../compiler/tensor/index.js';

/** Which matrix of a block a linear layer is; `queryKeyValue` is vision's fused one, outputs in that order. */
export type LinearKind = 'queryKeyValue' | 'query' | 'key' | 'value' | 'attended' | 'widen' | 'narrow';

export interface LinearSite {
  /** The layer's path, e.g. `visual_encoder.blocks.0.attn.qkv`. */
  readonly path: string;
  readonly kind: LinearKind;
}

export interface TextSite {
  readonly layer: number;
  /** After self-attention, [B, T, D]. */
  readonly selfAttended: Tensor;
  /** After cross-attention, [B, T, D]; null in text mode. */
  readonly crossAttended: Tensor | null;
}

export interface CrossSite {
  /** The path of the text tower, e.g. `text_encoder.encoder`; every layer of it has the same. */
  readonly tower: string;
  readonly layer: number;
  /** What keys and values are projections of, [B, N, D]. */
  readonly tokens: Tensor;
  readonly keys: Tensor;
  readonly values: Tensor;
}

export interface Hooks {
  /** Added beside a vision block's feed-forward. @param x what its second LayerNorm reads, [B, N, D] */
  readonly besideVision?: (x: Tensor, layer: number) => Tensor;
  /** Replaces the tokens of a clip's frames, [B, F, N, D], before any text looks at them; class tokens must stay. */
  readonly clip?: (tokens: Tensor) => Tensor;
  /** Added after a text layer's last LayerNorm; null adds nothing. */
  readonly besideText?: (site: TextSite) => Tensor | null;
  /** Replaces the keys and values of cross-attention, [B, N, D], heads not yet split. */
  readonly keysValues?: (site: CrossSite) => { readonly keys: Tensor; readonly values: Tensor };
  /** Replaces the output y of a linear layer. */
  readonly linear?: (site: LinearSite, x: Tensor, y: Tensor) => Tensor;
  /** Replaces a sub-layer's output before its residual is added. @param path of the sub-layer */
  readonly after?: (path: string, y: Tensor) => Tensor;
}

/** What a method has to know of the backbone. */
export interface TowerSizes {
  readonly vision: { readonly width: number; readonly layers: number };
  readonly text: { readonly width: number; readonly layers: number };
}
