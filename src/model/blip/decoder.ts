// The tower that writes: causal text layers that look at a question's states or at image tokens, and the LM head.
// Two ways to run it with one result: whole texts at once, or token by token with the keys and values kept.
// https://github.com/salesforce/BLIP/blob/main/models/med.py

import * as t from '../../compiler/tensor/index.js';
import { add, equal, gather, gelu, greater, iota, reshape, type Tensor, where } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import { bertInitial, layerNorm, linear, type Scope, width, zeros } from '../nn/index.js';
import type { BlipConfig, DecoderConfig } from './config.js';
import { type Blip, startWith, type Texts } from './encode.js';
import { type KeysValues, type Projected, paddingMask, projectSeen, type Seen, textTower } from './text.js';

/** The decoder's part of a configuration. @throws recipe  when the backbone has none */
export const decoderOf = ({ decoder }: BlipConfig): DecoderConfig =>
  decoder ??
  fail('recipe', {
    where: 'text_decoder',
    what: 'the backbone has no decoder, so it cannot answer or caption',
    fix: 'choose another backbone',
  });

/**
 * Reads whole texts, each token seeing those before it; `[DEC]` replaces the first token.
 *
 * @param seen  what they look at: image tokens or a question's states
 * @returns hidden states [B, T, D]: at t, of what follows token t
 */
export function decode(blip: Blip, { ids, mask }: Texts, seen: Seen): Tensor {
  const text = { ids: startWith(decoderOf(blip.config).startToken, ids), mask: causalMask(mask) };
  return textTower(decoderScope(blip), text, seen, blip);
}

/** Unnormalised log-probabilities of the next token. @param hidden f32 […, D] @returns […, V] */
export function vocabularyLogits({ p, config }: Blip, hidden: Tensor): Tensor {
  const { vocabulary, eps } = config.text;
  const { tied } = decoderOf(config);
  return p.at('text_decoder.cls.predictions').inside((head) => {
    const own = head.as('lmHead');
    const dense = gelu(linear(own.at('transform.dense'), hidden, width(hidden), { initial: bertInitial }));
    const normed = layerNorm(own.at('transform.LayerNorm'), dense, eps);
    const table = tied ? p.at('text_decoder.bert.embeddings.word_embeddings') : own.at('decoder');
    const weight = table.param('weight', [vocabulary, width(hidden)], bertInitial);
    return t.linear(normed, weight, own.param('bias', [vocabulary], zeros));
  });
}

/** The keys and values of what will be looked at, for {@link decodeStep}. @param tokens f32 [I, N, D] */
export const projectForDecoder = (blip: Blip, tokens: Tensor): KeysValues[] =>
  projectSeen(decoderScope(blip), tokens, blip);

export interface DecodeStep {
  /** int32 [B]: the newest token of each text. */
  readonly tokens: Tensor;
  /** int32 [1]: where it stands, 0 for `[DEC]`. */
  readonly position: Tensor;
  /** What was kept of each layer, [B, H, U, D/H]; from `position` on it may hold anything finite. */
  readonly cache: readonly KeysValues[];
  readonly seen: Projected;
}

/**
 * Reads one token more.
 *
 * @returns hidden states [B, D] and the cache with the token in it
 */
export function decodeStep(blip: Blip, { tokens, position, cache, seen }: DecodeStep) {
  const length = (cache[0] as KeysValues).keys.shape[2] as number;
  const here = reshape(equal(iota(length), position), [1, 1, length, 1]);
  const kept: KeysValues[] = [];
  const join = (layer: number, now: KeysValues): KeysValues => {
    const { keys, values } = cache[layer] as KeysValues;
    kept[layer] = { keys: where(here, now.keys, keys), values: where(here, now.values, values) };
    return kept[layer];
  };
  const mask = reshape(where(greater(iota(length), position), hide, 0), [1, 1, 1, length]);
  const text = { ids: reshape(tokens, [tokens.shape[0] as number, 1]), mask, past: { positions: position, join } };
  const hidden = textTower(decoderScope(blip), text, seen, blip);
  return { hidden: reshape(hidden, [hidden.shape[0] as number, width(hidden)]), cache: kept };
}

/** Rows of a cache. @param rows int32 [*] */
export const pickKeysValues = ({ keys, values }: KeysValues, rows: Tensor): KeysValues => ({
  keys: gather(keys, rows),
  values: gather(values, rows),
});

/** What is added to the scores of what must not be seen. */
const hide = -10000;

const decoderScope = ({ p }: Blip): Scope => p.at('text_decoder.bert');

/** int32 [B, T], 1 for a token and 0 for padding → [B, 1, T, T]: neither padding nor what comes later is seen. */
function causalMask(mask: Tensor): Tensor {
  const length = mask.shape[1] as number;
  const later = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? hide : 0,
  );
  return add(paddingMask(mask), t.constant(later, [1, 1, length, length], 'float32'));
}
