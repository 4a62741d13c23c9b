// What Hugging Face's repositories say about a BLIP beside its weights. Keys that a file leaves out have the defaults of
// transformers' own configuration classes.
// https://github.com/huggingface/transformers/blob/main/src/transformers/models/blip/configuration_blip.py

import { z } from 'zod';
import { fail } from '../error/index.js';
import { safeParse } from '../json/index.js';
import type { BackboneInfo } from './backbone-file.js';
import { mismatches, readDescription } from './description.js';
import {
  deviationSchema,
  epsSchema,
  headsSchema,
  layersSchema,
  meanSchema,
  mlpSchema,
  pixelsSchema,
  positionsSchema,
  vocabularySchema,
  widthSchema,
} from './sizes.js';

const activation = z.literal('gelu').default('gelu');

const visionSchema = z.looseObject({
  hidden_size: widthSchema.default(768),
  intermediate_size: mlpSchema.default(3072),
  num_hidden_layers: layersSchema.default(12),
  num_attention_heads: headsSchema.default(12),
  image_size: pixelsSchema.default(384),
  patch_size: pixelsSchema.default(16),
  layer_norm_eps: epsSchema.default(1e-5),
  hidden_act: activation,
});

const textSchema = z.looseObject({
  vocab_size: vocabularySchema.default(30524),
  hidden_size: widthSchema.default(768),
  intermediate_size: mlpSchema.default(3072),
  num_hidden_layers: layersSchema.default(12),
  num_attention_heads: headsSchema.default(8),
  max_position_embeddings: positionsSchema.default(512),
  layer_norm_eps: epsSchema.default(1e-12),
  hidden_act: activation,
  bos_token_id: vocabularySchema.default(30522),
});

const configSchema = z.looseObject({
  vision_config: visionSchema.prefault({}),
  text_config: textSchema.prefault({}),
  image_text_hidden_size: widthSchema.default(256),
  logit_scale_init_value: z.number().min(-20).max(20).default(2.6592),
});

/** Sizes and special tokens of a model that others have trained. */
export interface ForeignConfig extends Pick<BackboneInfo, 'vision' | 'text' | 'projection'> {
  /** `[DEC]` */
  readonly bos: number;
  /** What similarities are divided by, where the checkpoint has no `temp`. */
  readonly temperature: number;
}

/** Reads a config.json. @throws format  when it is of another kind of model, or says what BLIP cannot be */
export function readBlipConfig(bytes: Uint8Array, where: string): ForeignConfig {
  const value = readDescription(z.looseObject({ model_type: z.string().optional() }), bytes, where);
  if (value.model_type !== 'blip')
    fail('format', {
      where,
      what: 'is of another kind of model',
      got: `model_type ${value.model_type}`,
      expected: 'blip',
    });
  const parsed = safeParse(configSchema, value);
  if (!parsed.success) return fail('format', { where, what: mismatches(parsed.error) });
  const { vision_config: vision, text_config: text, image_text_hidden_size, logit_scale_init_value } = parsed.data;
  return {
    vision: { imageSize: vision.image_size, patch: vision.patch_size, ...towerOf(vision) },
    text: { vocabulary: text.vocab_size, positions: text.max_position_embeddings, ...towerOf(text) },
    projection: image_text_hidden_size,
    bos: text.bos_token_id,
    temperature: Math.exp(-logit_scale_init_value),
  };
}

const towerOf = (config: z.output<typeof textSchema> | z.output<typeof visionSchema>) => ({
  width: config.hidden_size,
  layers: config.num_hidden_layers,
  heads: config.num_attention_heads,
  mlp: config.intermediate_size,
  eps: config.layer_norm_eps,
});

const rgb = (channel: z.ZodNumber) => z.tuple([channel, channel, channel]);
const BICUBIC = 3; // Pillow's number

const processorSchema = z.looseObject({
  image_mean: rgb(meanSchema).default([0.48145466, 0.4578275, 0.40821073]),
  image_std: rgb(deviationSchema).default([0.26862954, 0.26130258, 0.27577711]),
  resample: z.literal(BICUBIC).default(BICUBIC),
});

/** Reads a preprocessor_config.json, or the one inside a processor_config.json; of null the defaults, which are CLIP's. */
export function readImageProcessor(bytes: Uint8Array | null, where: string): BackboneInfo['preprocess'] {
  const file = z.looseObject({ image_processor: z.looseObject({}).optional() });
  const value = bytes ? readDescription(file, bytes, where) : {};
  const parsed = safeParse(processorSchema, value.image_processor ?? value);
  if (!parsed.success) return fail('format', { where, what: mismatches(parsed.error) });
  const { image_mean: mean, image_std: std } = parsed.data;
  return { mean, std, resize: 'bicubic' };
}
