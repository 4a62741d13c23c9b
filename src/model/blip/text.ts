// BERT with cross-attention ("MED"): the same layers read a text alone, or a text that looks at something, and write.
// Post-norm. https://github.com/salesforce/BLIP/blob/main/models/med.py

import { add, cast, gather, mul, reshape, slice, sub, type Tensor } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import { attend, bertInitial, embedding, type Hooks, layerNorm, type Scope, splitHeads, width } from '../nn/index.js';
import { feedForward, type Kept, keep, openLinear, sublayer } from './block.js';
import type { BlipConfig, Fitted } from './config.js';

type TextConfig = BlipConfig['text'];

export interface TextInput {
  /** int32 [B, T] */
  readonly ids: Tensor;
  /** f32, added to the scores of self-attention, broadcast to [B, H, T, T]; see {@link paddingMask}. */
  readonly mask: Tensor;
  /** What stands before, where a text is read token by token. */
  readonly past?: Past;
}

/** What attention looks up, heads split: [*, H, N, D/H] each. */
export interface KeysValues {
  readonly keys: Tensor;
  readonly values: Tensor;
}

export interface Past {
  /** int32 [T]: where in the text the tokens stand. */
  readonly positions: Tensor;
  /** The keys and values of a layer up to now. @param now those of the T tokens, [B, H, T, D/H] */
  readonly join: (layer: number, now: KeysValues) => KeysValues;
}

interface Look {
  /** int32 [B]: the image of each text; default: text i sees image i. */
  readonly rows?: Tensor | undefined;
  /** f32 [B, N]: multiplies each key, per text (frame-aware attention). */
  readonly keyWeights?: Tensor | undefined;
  /** f32, added to the scores, broadcast to [B, H, T, N]: hides the padding of a question. */
  readonly mask?: Tensor | undefined;
}

/** What a text looks at: images in multimodal mode, images or questions in decoder mode. */
export interface Seen extends Look {
  /** Tokens f32 [I, N, D]. Keys and values are projected once per image, however many texts look at it. */
  readonly tokens: Tensor;
}

/** The same, projected before: [I, H, N, D/H] for every layer; see {@link projectSeen}. */
export interface Projected extends Look {
  readonly keysValues: readonly KeysValues[];
}

/**
 * Encodes texts; with something in sight, layers cross-attend to it.
 *
 * @param p     where the tower's parameters live: `text_encoder` or `text_decoder.bert`
 * @param seen  null for text mode
 * @returns hidden states [B, T, D], or [B, 1, D] where the first alone is kept
 */
export function textTower(
  p: Scope,
  text: TextInput,
  seen: Seen | Projected | null,
  { config, hooks }: Fitted,
  kept: Kept = 'all',
): Tensor {
  return p.inside((p) => {
    let x = embed(p.at('embeddings'), text, config.text);
    const context = { ...config.text, hooks, tower: p.at('encoder').path, text, seen };
    const last = config.text.layers - 1;
    for (let i = 0; i <= last; i++)
      x = layer(p.at(`encoder.layer.${i}`), x, i, { ...context, kept: i === last ? kept : 'all' });
    return x;
  });
}

/** Keys and values of every layer's cross-attention, for towers that look at the same again and again. */
export function projectSeen(p: Scope, tokens: Tensor, { config, hooks }: Fitted): KeysValues[] {
  return p.inside((p) => {
    const context = { ...config.text, hooks, tower: p.at('encoder').path };
    return Array.from({ length: config.text.layers }, (_, i) =>
      crossKeysValues(p.at(`encoder.layer.${i}.crossattention.self`), tokens, i, context),
    );
  });
}

/** int32 [B, T], 1 for a token and 0 for padding → what is added to attention scores: 0 or −10000, [B, 1, 1, T]. */
export function paddingMask(mask: Tensor): Tensor {
  const [batch, length] = mask.shape as [number, number];
  return reshape(mul(sub(1, cast(mask, 'float32')), -10000), [batch, 1, 1, length]);
}

interface Tower extends TextConfig {
  readonly hooks: Hooks;
  readonly tower: string;
}

interface Context extends Tower {
  readonly kept: Kept;
  readonly text: TextInput;
  readonly seen: Seen | Projected | null;
}

function layer(p: Scope, x: Tensor, index: number, context: Context): Tensor {
  const { mlp, eps, hooks, seen, kept } = context;
  return p.inside((p) => {
    const selfAttended = attention(p.at('attention'), keep(kept, x), context, (p, q) =>
      selfAttention(p, q, { x, layer: index }, context),
    );
    const crossAttended =
      seen &&
      attention(p.at('crossattention'), selfAttended, context, (p, q) =>
        crossAttention(p, q, { seen, layer: index }, context),
      );
    const attended = crossAttended ?? selfAttended;
    const forward = feedForward(p.at('intermediate.dense'), p.at('output.dense'), attended, mlp, hooks);
    const y = layerNorm(p.at('output.LayerNorm'), add(sublayer(p.at('output'), forward, hooks), attended), eps);
    const beside = hooks.besideText?.({ layer: index, selfAttended, crossAttended });
    return beside ? add(y, beside) : y;
  });
}

/** Query, whatever `look` attends to, output projection, residual, LayerNorm. */
function attention(p: Scope, x: Tensor, context: Context, look: (p: Scope, query: Tensor) => Tensor): Tensor {
  const { heads, eps, hooks } = context;
  return p.inside((p) => {
    const query = openLinear(p.at('self.query'), x, width(x), 'query', hooks);
    const attended = look(p.at('self'), splitHeads(query, heads));
    const y = openLinear(p.at('output.dense'), attended, width(x), 'attended', hooks);
    return layerNorm(p.at('output.LayerNorm'), add(sublayer(p, y, hooks), x), eps);
  });
}

function selfAttention(
  p: Scope,
  query: Tensor,
  { x, layer }: { readonly x: Tensor; readonly layer: number },
  { heads, text: { mask, past }, hooks }: Context,
): Tensor {
  const project = (name: 'key' | 'value') => splitHeads(openLinear(p.at(name), x, width(x), name, hooks), heads);
  const now = { keys: project('key'), values: project('value') };
  const { keys, values } = past ? past.join(layer, now) : now;
  return attend(query, keys, values, { mask });
}

function crossAttention(
  p: Scope,
  query: Tensor,
  { seen, layer }: { readonly seen: Seen | Projected; readonly layer: number },
  context: Context,
): Tensor {
  const { rows, keyWeights, mask } = seen;
  const { keys, values } =
    'tokens' in seen ? crossKeysValues(p, seen.tokens, layer, context) : (seen.keysValues[layer] as KeysValues);
  const perText = (x: Tensor) => (rows ? gather(x, rows) : x); // [B, H, N, D/H]
  // A weight on a key is a weight on its scores, and T < D/H makes scores the smaller of the two.
  const scoreWeights = keyWeights && reshape(keyWeights, [keyWeights.shape[0] as number, 1, 1, width(keyWeights)]);
  return attend(query, perText(keys), perText(values), { keyWeights: scoreWeights, mask });
}

/** @param p `crossattention.self` of the layer */
function crossKeysValues(p: Scope, tokens: Tensor, layer: number, sizes: Tower): KeysValues {
  const { heads, hooks, tower } = sizes;
  const plain = {
    keys: openLinear(p.at('key'), tokens, sizes.width, 'key', hooks),
    values: openLinear(p.at('value'), tokens, sizes.width, 'value', hooks),
  };
  const { keys, values } = hooks.keysValues?.({ ...plain, tokens, tower, layer }) ?? plain;
  return { keys: splitHeads(keys, heads), values: splitHeads(values, heads) };
}

function embed(p: Scope, { ids, past }: TextInput, { vocabulary, positions, width, eps }: TextConfig): Tensor {
  const length = ids.shape[1] as number;
  if (length > positions)
    fail('shape', {
      where: p.path,
      what: 'texts are longer than the backbone has positions',
      got: `${length} tokens`,
      expected: `at most ${positions}`,
      fix: 'tokenise to a shorter length',
    });
  return p.inside((p) => {
    const words = embedding(p.at('word_embeddings'), ids, [vocabulary, width]);
    const table = p.at('position_embeddings').param('weight', [positions, width], bertInitial);
    const places = past ? gather(table, past.positions) : slice(table, 0, 0, length);
    return layerNorm(p.at('LayerNorm'), add(words, places), eps);
  });
}
