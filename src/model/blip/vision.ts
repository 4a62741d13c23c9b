// The vision transformer: patches, a class token, pre-norm blocks. Beside each feed-forward stands a hook.
// https://github.com/salesforce/BLIP/blob/main/models/vit.py

import {
  add,
  concat,
  expand,
  linear,
  printShape,
  reshape,
  slice,
  type Tensor,
  transpose,
} from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import { attend, bertInitial, type Hooks, headWidth, layerNorm, type Scope, zeros } from '../nn/index.js';
import { feedForward, type Kept, keep, openLinear, sublayer } from './block.js';
import { type BlipConfig, type Fitted, imageTokens } from './config.js';

type VisionConfig = BlipConfig['vision'];

/**
 * Encodes images into tokens, the class token first.
 *
 * @param p       where the tower's parameters live, `visual_encoder`
 * @param images  f32 [B, 3, S, S], normalised
 * @returns [B, N, D], or [B, 1, D] where the class token alone is kept, after the last LayerNorm
 * @throws shape  when the images are not of the configured size
 */
export function visionTower(p: Scope, images: Tensor, { config, hooks }: Fitted, kept: Kept = 'all'): Tensor {
  const { vision } = config;
  return p.inside((p) => {
    let x = embed(p, images, config);
    const last = vision.layers - 1;
    for (let layer = 0; layer <= last; layer++)
      x = block(p.at(`blocks.${layer}`), x, { ...vision, hooks, layer, kept: layer === last ? kept : 'all' });
    return layerNorm(p.at('norm'), x, vision.eps);
  });
}

interface Context extends VisionConfig {
  readonly hooks: Hooks;
  readonly layer: number;
  readonly kept: Kept;
}

function block(p: Scope, x: Tensor, context: Context): Tensor {
  const { mlp, eps, hooks, layer, kept } = context;
  return p.inside((p) => {
    const attended = add(keep(kept, x), selfAttention(p.at('attn'), layerNorm(p.at('norm1'), x, eps), context));
    const normed = layerNorm(p.at('norm2'), attended, eps);
    const forward = feedForward(p.at('mlp.fc1'), p.at('mlp.fc2'), normed, mlp, hooks);
    const y = add(attended, sublayer(p.at('mlp'), forward, hooks));
    return hooks.besideVision ? add(y, hooks.besideVision(attended, layer)) : y;
  });
}

function selfAttention(p: Scope, x: Tensor, { heads, hooks, kept }: Context): Tensor {
  return p.inside((p) => {
    const [batch, length, width] = x.shape as [number, number, number];
    const each = headWidth(width, heads);
    const fused = openLinear(p.at('qkv'), x, 3 * width, 'queryKeyValue', hooks);
    // One transposition for all three, so that each is a contiguous slice: [3, B, H, N, D/H]
    const parted = transpose(reshape(fused, [batch, length, 3, heads, each]), [2, 0, 3, 1, 4]);
    const part = (i: number) => reshape(slice(parted, 0, i, i + 1), [batch, heads, length, each]);
    const query = kept === 'first' ? slice(part(0), 2, 0, 1) : part(0);
    const attended = attend(query, part(1), part(2));
    return sublayer(p, openLinear(p.at('proj'), attended, width, 'attended', hooks), hooks);
  });
}

/** Patches, the class token before them, and the learned positions. @returns [B, N, D] */
function embed(p: Scope, images: Tensor, config: BlipConfig): Tensor {
  const { width } = config.vision;
  const patches = embedPatches(p.at('patch_embed.proj'), images, config.vision);
  const token = p.param('cls_token', [1, 1, width], bertInitial);
  const positions = p.param('pos_embed', [1, imageTokens(config), width], bertInitial);
  const batch = images.shape[0] as number;
  return add(concat([expand(token, [batch, 1, width]), patches], 1), positions);
}

/** The patch convolution, whose stride is its kernel, as one matrix product. @returns [B, (S/patch)², D] */
function embedPatches(p: Scope, images: Tensor, { imageSize, patch, width }: VisionConfig): Tensor {
  const [batch, ...rest] = images.shape;
  if (rest.join() !== `3,${imageSize},${imageSize}` || batch === undefined || imageSize % patch !== 0)
    return fail('shape', {
      where: p.path,
      what: `images do not fit a backbone of ${imageSize} pixels in patches of ${patch}`,
      got: printShape(images.shape),
      expected: `[B, 3, ${imageSize}, ${imageSize}], a multiple of ${patch}`,
      fix: 'set imageSize; positions are interpolated when a checkpoint is loaded',
    });
  return p.inside((p) => {
    const side = imageSize / patch;
    const inputs = 3 * patch * patch;
    const weight = p.param('weight', [width, 3, patch, patch], bertInitial);
    const grid = transpose(reshape(images, [batch, 3, side, patch, side, patch]), [0, 2, 4, 1, 3, 5]);
    const flat = reshape(grid, [batch, side * side, inputs]);
    return linear(flat, reshape(weight, [width, inputs]), p.param('bias', [width], zeros));
  });
}
