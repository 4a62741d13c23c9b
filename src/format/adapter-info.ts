// adapter.json: what an adapter is and what it belongs to.

import { z } from 'zod';
import { formatNumber } from './description.js';

const count = z.int().nonnegative();
const options = z.record(z.string(), z.json());

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
  scores: z.record(z.string(), z.number()),
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
