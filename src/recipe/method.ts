// The ways to adapt, one variant each. Options have the names of those in src/model/adapter, so that they are handed on as they are.

import { z } from 'zod';
import { MOST_FACTOR, MOST_RANK } from './bounds.js';
import { METHOD_DEFAULTS as defaults } from './method-defaults.js';

const rank = z.int().min(1).max(MOST_RANK);

const temporal = z
  .boolean()
  .default(false)
  .describe(
    'See the order of a clip’s frames: a learnt vector per frame, and an adapter over neighbouring patches of all frames (paper: none).',
  );

const uniadapter = z
  .strictObject({
    name: z.literal('uniadapter'),
    bottleneck: rank
      .default(defaults.uniadapter.bottleneck)
      .describe('R, width of the bottleneck (paper: 128; 512 in its larger variant).'),
    layerNorm: z
      .enum(['in', 'out', 'none'])
      .default(defaults.uniadapter.layerNorm)
      .describe('Where the adapter’s LayerNorm stands: on its input, on its scaled output, nowhere (release: in).'),
    scale: z
      .union([z.number().min(-MOST_FACTOR).max(MOST_FACTOR), z.literal('learnable')])
      .default(defaults.uniadapter.scale)
      .describe(
        's, factor of the adapter’s output, or learnable: one number per layer that starts at 0.1 (paper: 0.1).',
      ),
    modalities: z
      .array(z.enum(['visual', 'text', 'cross']))
      .min(1)
      .max(3)
      .default([...defaults.uniadapter.modalities])
      .describe('Where adapters sit: vision blocks, text self-attention, text cross-attention (paper: all three).'),
    sharing: z
      .enum(['partial', 'none', 'full'])
      .default(defaults.uniadapter.sharing)
      .describe(
        'partial = one down-projection, an up-projection per modality (paper); none = separate; full = one for all.',
      ),
    queryResidual: z
      .boolean()
      .default(defaults.uniadapter.queryResidual)
      .describe('Add the text adapter of self-attention’s output in multimodal mode too (paper: true).'),
    frameAware: z
      .enum(['always', 'training', 'never'])
      .default('always')
      .describe(
        'Weigh a clip’s frames by their similarity to the text: always, or not at evaluation (release), or never.',
      ),
    temporal,
    keyValue: rank
      .nullable()
      .default(defaults.uniadapter.keyValue)
      .describe('Rank of the low-rank adapter on cross-attention’s keys and values (release: 64; paper: none).'),
  })
  .describe('The paper’s adapter: one bottleneck per layer, shared by both towers and three modalities.');

const lora = z
  .strictObject({
    name: z.literal('lora'),
    rank: rank
      .default(defaults.lora.rank)
      .describe('r, rank of the updates of query and value projections (Hu et al.: 8).'),
    alpha: z
      .number()
      .positive()
      .max(MOST_FACTOR)
      .default(defaults.lora.alpha)
      .describe('α; the update is multiplied by α / r (Hu et al.: 16).'),
    temporal,
  })
  .describe('Low-rank updates of the query and value projections.');

const bottleneck = z
  .strictObject({
    name: z.literal('bottleneck'),
    bottleneck: rank
      .default(defaults.bottleneck.bottleneck)
      .describe('R, width of the bottleneck (Houlsby et al.: 64).'),
    temporal,
  })
  .describe('Serial adapters after every attention and feed-forward.');

const full = z.strictObject({ name: z.literal('full'), temporal }).describe('Everything trains.');

const heads = z
  .strictObject({ name: z.literal('heads'), temporal })
  .describe('Only the projections and the matching head train.');

export const methodSchema = z.discriminatedUnion('name', [uniadapter, lora, bottleneck, full, heads]);

export const defaultMethod = { name: 'uniadapter' } as const;
