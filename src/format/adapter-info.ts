// adapter.json: what an adapter is and what it belongs to.

import { z } from 'zod';
import { formatNumber } from './description.js';

const count = z.int().nonnegative();
const options = z.record(z.string(), z.json());

const figures = z.record(z.string(), z.number());

/** How the scores were come by, and what they are to be read against. */
const evaluationSchema = z.strictObject({
  before: figures,
  standing: z.record(
    z.string(),
    z.strictObject({ n: count, interval: z.tuple([z.number(), z.number()]), baselines: figures }),
  ),
  remarks: z.array(z.strictObject({ tone: z.enum(['good', 'bad', 'note']), text: z.string() })),
});

/** Whether nearest hits are scored again, and what decided it. */
export const rerankingSchema = z.strictObject({
  isOn: z.boolean(),
  by: z.enum(['recipe', 'validation', 'backbone', 'default']),
  stages: z.strictObject({ firstStage: z.number(), reranked: z.number(), items: count }).exactOptional(),
});

export const adapterSchema = z.strictObject({
  format: z.literal(formatNumber),
  packageVersion: z.string(),
  task: z.enum(['retrieval', 'answering', 'captioning']),
  method: z.strictObject({ name: z.string(), options }),
  sizes: z.strictObject({ bottleneck: count, layers: count, width: count }),
  parameters: z.strictObject({ trainable: count, all: count }),
  backbone: z.strictObject({
    name: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
    parameters: count,
    bytes: count,
  }),
  recipe: options,
  scores: figures,
  evaluation: evaluationSchema.exactOptional(), // absent in adapters of version 0.1
  reranking: rerankingSchema.exactOptional(),
  created: z.iso.datetime({ offset: true }),
  seed: count,
  /** CRC-32 of `adapter.safetensors`; adapters of earlier versions have none. */
  crc32: z
    .string()
    .regex(/^[0-9a-f]{8}$/, 'expected 8 hexadecimal digits')
    .optional(),
});

/** adapter.json; the meaning of each key is in docs/formats.md. */
export type AdapterInfo = z.infer<typeof adapterSchema>;
export type AdapterEvaluation = z.infer<typeof evaluationSchema>;
