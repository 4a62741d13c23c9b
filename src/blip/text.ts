// BERT with cross-attention ("MED"): the same layers read a text alone, or a text that looks at an image.
// Post-norm. https://github.com/salesforce/BLIP/blob/main/models/med.py

import { fail } from '../error/index.js';
import { attend, bertInitial, embedding, layerNorm, type Scope, type Seam, splitHeads, width } from '../nn/index.js';
import { add, cast, gather, mul, reshape, slice, sub, type Tensor } from '../tensor/index.js';
import { feedForward, openLinear, sublayer } from './block.js';
import type { BlipConfig, Fitted } from './config.js';

type TextConfig = BlipConfig['text'];

export interface TextInput {
  /** int32 [B, T] */
  readonly ids: Tensor;
  /** f32, added to the scores of self-attention, broadcast to [B, H, T, T]; see {@link paddingMask}. */
  readonly mask: Tensor;
}

/** What a text looks at in multimodal mode. */
export interface Seen {
  /** Image tokens f32 [I, N, D]. Keys and values are projected once per image, however many texts look at it. */
  readonly tokens: Tensor;
  /** int32 [B]: the image of each text; default: text i sees image i. */
  readonly rows?: Tensor | undefined;
  /** f32 [B, N]: multiplies each key, per text (frame-aware attention). */
  readonly keyWeights?: Tensor | undefined;
}

/**
 * Encodes texts; with an image in sight, layers cross-attend to it.
 *
 * @param p     where the tower's parameters live: `text_encoder` (a decoder would be `text_decoder.bert`)
 * @param seen  null for text mode
 * @returns hidden states [B, T, D]
 */
export function textTower(p: Scope, text: TextInput, seen: Seen | null, { config, seam }: Fitted): Tensor {
  return p.inside((p) => {
    let x = embed(p.at('embeddings'), text.ids, config.text);
    const context = { ...config.text, seam, tower: p.at('encoder').path, mask: text.mask, seen };
    for (let i = 0; i < config.text.layers; i++) x = layer(p.at(`encoder.layer.${i}`), x, i, context);
    return x;
  });
}

/** int32 [B, T], 1 for a token and 0 for padding → what is added to attention scores: 0 or −10000, [B, 1, 1, T]. */
export function paddingMask(mask: Tensor): Tensor {
  const [batch, length] = mask.shape as [number, number];
  return reshape(mul(sub(1, cast(mask, 'float32')), -10000), [batch, 1, 1, length]);
}

interface Context extends TextConfig {
  readonly seam: Seam;
  readonly tower: string;
  readonly mask: Tensor;
  readonly seen: Seen | null;
}

function layer(p: Scope, x: Tensor, index: number, context: Context): Tensor {
  const { mlp, eps, seam, seen } = context;
  return p.inside((p) => {
    const selfAttended = attention(p.at('attention'), x, context, (p, q) => selfAttention(p, q, x, context));
    const crossAttended =
      seen &&
      attention(p.at('crossattention'), selfAttended, context, (p, q) =>
        crossAttention(p, q, { seen, layer: index }, context),
      );
    const attended = crossAttended ?? selfAttended;
    const forward = feedForward(p.at('intermediate.dense'), p.at('output.dense'), attended, mlp, seam);
    const y = layerNorm(p.at('output.LayerNorm'), add(sublayer(p.at('output'), forward, seam), attended), eps);
    const beside = seam.besideText?.({ layer: index, selfAttended, crossAttended });
    return beside ? add(y, beside) : y;
  });
}

/** Query, whatever `look` attends to, output projection, residual, LayerNorm. */
function attention(p: Scope, x: Tensor, context: Context, look: (p: Scope, query: Tensor) => Tensor): Tensor {
  const { heads, eps, seam } = context;
  return p.inside((p) => {
    const query = openLinear(p.at('self.query'), x, width(x), 'query', seam);
    const attended = look(p.at('self'), splitHeads(query, heads));
    const y = openLinear(p.at('output.dense'), attended, width(x), 'attended', seam);
    return layerNorm(p.at('output.LayerNorm'), add(sublayer(p, y, seam), x), eps);
  });
}

function selfAttention(p: Scope, query: Tensor, x: Tensor, { heads, mask, seam }: Context): Tensor {
  const keys = openLinear(p.at('key'), x, width(x), 'key', seam);
  const values = openLinear(p.at('value'), x, width(x), 'value', seam);
  return attend(query, splitHeads(keys, heads), splitHeads(values, heads), { mask });
}

function crossAttention(
  p: Scope,
  query: Tensor,
  { seen, layer }: { readonly seen: Seen; readonly layer: number },
  context: Context,
): Tensor {
  const { heads, seam, tower } = context;
  const { tokens, rows, keyWeights } = seen;
  const plain = {
    keys: openLinear(p.at('key'), tokens, context.width, 'key', seam),
    values: openLinear(p.at('value'), tokens, context.width, 'value', seam),
  };
  const { keys, values } = seam.keysValues?.({ ...plain, tokens, tower, layer }) ?? plain;
  const perText = (x: Tensor) => (rows ? gather(splitHeads(x, heads), rows) : splitHeads(x, heads)); // [B, H, N, D/H]
  // A weight on a key is a weight on its scores, and T < D/H makes scores the smaller of the two.
  const scoreWeights = keyWeights && reshape(keyWeights, [keyWeights.shape[0] as number, 1, 1, width(keyWeights)]);
  return attend(query, perText(keys), perText(values), { keyWeights: scoreWeights });
}

function embed(p: Scope, ids: Tensor, { vocabulary, positions, width, eps }: TextConfig): Tensor {
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
    return layerNorm(p.at('LayerNorm'), add(words, slice(table, 0, 0, length)), eps);
  });
}
