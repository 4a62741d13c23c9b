// What every objective shares: a model, its backbone with the method's hooks, the usual inputs, and what trains.

import { input, is, reshape, slice, type Tensor } from '../../compiler/tensor/index.js';
import { frameWeights, type Method, trains } from '../adapter/index.js';
import { type Blip, type BlipConfig, imageTokens, type Texts } from '../blip/index.js';
import type { Declaration, Scope } from '../nn/index.js';

/** A backbone's sizes and the method that adapts it. */
export interface Model {
  /** The root of the parameters; one for all programs of a model. */
  readonly p: Scope;
  readonly config: BlipConfig;
  readonly method: Method;
}

/** The model's backbone with its method's hooks, reading parameters through `p`. */
export const fit = ({ config, method }: Model, p: Scope): Blip => ({ p, config, hooks: method.hooks(p, config) });

export interface ImageSizes {
  /** B */
  readonly batch: number;
  /** F for clips, null for images. Default null. */
  readonly frames?: number | null;
}

/** The input `image`, [B, 3, S, S] or [B, F, 3, S, S]. */
export const imageInput = ({ vision: { imageSize } }: BlipConfig, { batch, frames }: ImageSizes): Tensor =>
  input('image', [batch, ...(frames ? [frames] : []), 3, imageSize, imageSize]);

/**
 * The input `tokens` [B, F·N, D]: images or clips that were encoded before.
 *
 * @returns the tokens and, taken out of them, each frame's class token, classTokens [B, F, D]
 */
export function tokensInput(config: BlipConfig, { batch, frames }: ImageSizes) {
  const [f, n, d] = [frames ?? 1, imageTokens(config), config.vision.width];
  const tokens = input('tokens', [batch, f * n, d]);
  const perFrame = reshape(tokens, [batch, f, n, d]);
  return { tokens, classTokens: reshape(slice(perFrame, 2, 0, 1), [batch, f, d]) };
}

/** The inputs `ids` and `mask`, int32 [B, T]. @param prefix of both names */
export const textInputs = (batch: number, tokens: number, prefix = ''): Texts => ({
  ids: input(`${prefix}ids`, [batch, tokens], 'int32'),
  mask: input(`${prefix}mask`, [batch, tokens], 'int32'),
});

/** What a method trains and `total` has a slope in: what only frame weights or sampling read has none. */
export function trainedBy({ p, method }: Model, total: Tensor): Declaration[] {
  const used = reached(total);
  return p.declarations().filter((declaration) => trains(method, declaration) && used.has(declaration.path));
}

/** Names of the inputs that gradients of `total` flow to. */
function reached(total: Tensor): ReadonlySet<string> {
  const seen = new Set<Tensor>();
  const names = new Set<string>();
  const open = [total];
  for (let x = open.pop(); x; x = open.pop()) {
    if (seen.has(x) || x.operator === 'stopGradient') continue;
    seen.add(x);
    if (is(x, 'input')) names.add(x.attributes.name);
    open.push(...x.inputs);
  }
  return names;
}

/** Whether a method weighs frames and there is more than one. */
export const weighsFrames = ({ method }: Model, frames: number): boolean => method.frameAware && frames > 1;

/** Frame weights where they are wanted. @param frames [B, F, P] @returns [B, F·N] or nothing */
export function seenWeights(model: Model, text: Tensor, frames: Tensor): Tensor | undefined {
  return weighsFrames(model, frames.shape[1] as number)
    ? frameWeights(text, frames, imageTokens(model.config))
    : undefined;
}

/** The weight of each frame, which all its patches share. @param keyWeights [B, F·N] @returns [B, F] */
export function frameWeightsIn(config: BlipConfig, keyWeights: Tensor): Tensor {
  const [batch, length] = keyWeights.shape as [number, number];
  const n = imageTokens(config);
  return reshape(slice(reshape(keyWeights, [batch, length / n, n]), 2, 1, 2), [batch, length / n]);
}
