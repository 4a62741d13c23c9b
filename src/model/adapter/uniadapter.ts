// UniAdapter: one bottleneck per layer index, shared by both towers and by three modalities.
// Lu et al., ICLR 2024, https://arxiv.org/abs/2302.06605
//
//   h      = ReLU(W_down · LN(x))            one for all modalities
//   visual = s · W_visual h                  beside a vision block's feed-forward
//   text   = s · W_text h                    after a text layer, of its self-attention: the query residual
//   cross  = s · LN_cross((W_cross + W_text) h)    after a text layer, of its cross-attention
//
// Trap: sharing is "same path". `adapters.3` is asked for by vision block 3 and by text layer 3; both get one tensor.

import { add, layerNorm, linear, mul, relu, type Tensor } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import { METHOD_DEFAULTS } from '../../recipe/index.js';
import type { Hooks, Scope, TextSite, TowerSizes } from '../nn/index.js';
import * as nn from '../nn/index.js';
import { lowRankKeysValues } from './keys-values.js';
import type { Method } from './method.js';

export type Modality = 'visual' | 'text' | 'cross';

export interface UniAdapterOptions {
  /** R; the paper uses 128 and 512. Default 128. */
  readonly bottleneck?: number;
  /** Where the adapter's LayerNorm stands: on its input, on its scaled output, nowhere. Default `in`. */
  readonly layerNorm?: 'in' | 'out' | 'none';
  /** s, or a number learnt per layer that starts at 0.1. Default 0.1. */
  readonly scale?: number | 'learnable';
  /** Where adapters sit. Default all three. */
  readonly modalities?: readonly Modality[];
  /**
   * `partial`: the paper's, one down-projection and LayerNorm for all modalities, an up-projection each.
   * `none`: each modality its own plain adapter. `full`: one plain adapter for all. Default `partial`.
   */
  readonly sharing?: 'partial' | 'none' | 'full';
  /** Whether text(self-attention) is added in multimodal mode as well. Default true. */
  readonly queryResidual?: boolean;
  /** Frame-aware attention over clips. Default true. */
  readonly frameAware?: boolean;
  /** Rank of the low-rank adapter on cross-attention's keys and values, of the release only. Default null: none. */
  readonly keyValue?: number | null;
  /**
   * `default` starts exactly at the backbone: W_visual and W_text zero; W_cross like W_down, with a zero gain behind it
   * so that the output is zero but the gain's gradient is not. `official` starts only W_text at zero, like the release.
   */
  readonly init?: 'default' | 'official';
  /** Whether LN_cross's gain and bias train; the release froze them by accident. Default true. */
  readonly trainCrossNorm?: boolean;
}

/** What the release does where the paper does not say so. */
export const officialUniAdapter = { init: 'official', trainCrossNorm: false, keyValue: 64 } as const;

const defaults = {
  ...METHOD_DEFAULTS.uniadapter,
  frameAware: true,
  init: 'default',
  trainCrossNorm: true,
} as const satisfies Required<UniAdapterOptions>;

const eps = 1e-5;
type Options = Required<UniAdapterOptions>;

/** The method of the paper. @throws recipe  when options exclude each other */
export function uniadapter(given: UniAdapterOptions = {}): Method {
  const options: Options = { ...defaults, ...given };
  if (options.init === 'default' && !options.trainCrossNorm)
    fail('recipe', {
      where: 'uniadapter',
      what: 'the cross adapter would stay silent: its gain starts at zero and would not train',
      got: 'init default with trainCrossNorm false',
      fix: 'set init to official or trainCrossNorm to true',
    });
  return {
    name: 'uniadapter',
    roles: ['adapter', 'head'],
    frameAware: options.frameAware,
    hooks: (p, sizes) => hooks(p.as('adapter'), sizes, options),
    note: (sizes) => noteOn(sizes, options),
  };
}

function hooks(p: Scope, sizes: TowerSizes, options: Options): Hooks {
  const alone: Options = standsAlone(sizes, options) ? { ...options, sharing: 'none' } : options;
  const adapter = (layer: number, modality: Modality, x: Tensor) =>
    adapt(p.at(`adapters.${layer}`), modality, x, modality === 'visual' ? alone : options);
  const has = (modality: Modality) => options.modalities.includes(modality);
  const besideText = ({ layer, selfAttended, crossAttended }: TextSite): Tensor | null => {
    const text = has('text') && (options.queryResidual || !crossAttended) ? adapter(layer, 'text', selfAttended) : null;
    const cross = has('cross') && crossAttended ? adapter(layer, 'cross', crossAttended) : null;
    return text && cross ? add(text, cross) : (text ?? cross);
  };
  return {
    ...(has('visual') && { besideVision: (x, layer) => adapter(layer, 'visual', x) }),
    besideText,
    ...(options.keyValue !== null && { keysValues: lowRankKeysValues(p, options.keyValue) }),
  };
}

/**
 * The adapter of one layer, for one modality; no residual of its own.
 *
 * @param p  the layer's place, `adapters.{i}`
 * @param x  f32 […, D]
 * @returns […, D]
 */
export function adapt(p: Scope, modality: Modality, x: Tensor, given: UniAdapterOptions = {}): Tensor {
  const options: Options = { ...defaults, ...given };
  const own = options.sharing === 'none' ? p.at(modality) : p;
  return own.inside((p) => {
    const normed = options.layerNorm === 'in' ? nn.layerNorm(p.at(names.norm), x, eps) : x;
    const h = relu(nn.linear(p.at('down_proj'), normed, options.bottleneck));
    const y = up(p, modality, h, nn.width(x), options);
    return options.layerNorm === 'out' ? nn.layerNorm(p.at(names.norm), y, eps) : y;
  });
}

/** The release's names. */
const names = {
  norm: 'adapter_layer_norm_before',
  crossNorm: 'adapter_layer_norm_cross_modal',
  up: { visual: 'visual_up_proj', text: 'up_proj', cross: 'multi_up_proj' },
} as const;

/** s · (W h + b). The scale is applied where it is cheap: to the bottleneck and the bias, or to LN_cross's affine. */
function up(p: Scope, modality: Modality, h: Tensor, width: number, options: Options): Tensor {
  const { bottleneck, scale, sharing, init } = options;
  const s = scale === 'learnable' ? p.param('scale', [1], { kind: 'constant', value: 0.1 }) : scale;
  const random = nn.kaimingUniform(bottleneck);
  const projection = (name: string, initial: nn.Initial) => ({
    weight: p.at(name).param('weight', [width, bottleneck], initial),
    bias: p.at(name).param('bias', [width], nn.zeros),
  });
  const text = () => projection(names.up.text, nn.zeros);
  const visual = () => projection(names.up.visual, init === 'official' ? random : nn.zeros);
  if (sharing !== 'partial' || modality !== 'cross') {
    const { weight, bias } = sharing === 'partial' && modality === 'visual' ? visual() : text();
    return linear(mul(h, s), weight, mul(bias, s));
  }
  const cross = projection(names.up.cross, random);
  const both = linear(h, add(cross.weight, text().weight), add(cross.bias, text().bias));
  const norm = options.trainCrossNorm ? p.at(names.crossNorm) : p.at(names.crossNorm).frozen();
  const { gain, bias } = nn.layerNormParameters(norm, width, init === 'official' ? nn.ones : nn.zeros);
  return layerNorm(both, mul(gain, s), mul(bias, s), eps);
}

/** Towers of another width or depth cannot share: vision's adapters stand alone, text's and cross-modal ones still do. */
const standsAlone = ({ vision, text }: TowerSizes, { sharing }: Options): boolean =>
  sharing !== 'none' && (vision.width !== text.width || vision.layers !== text.layers);

function noteOn(sizes: TowerSizes, options: Options): string | null {
  const { vision, text } = sizes;
  const meet = options.modalities.includes('visual') && options.modalities.length > 1;
  if (!meet || !standsAlone(sizes, options)) return null;
  const shape = (tower: TowerSizes['text']) => `${tower.layers} layers of ${tower.width}`;
  return `vision (${shape(vision)}) and text (${shape(text)}) differ, so each has adapters of its own; the paper shares them`;
}
