// Adapters: small trained files over the one backbone of the server.

import { z } from 'zod';
import { countSchema, nameSchema, recordSchema, taskSchema, timeSchema } from './common.js';

export const adapterSchema = z
  .object({
    name: nameSchema,
    task: taskSchema,
    method: z.string(),
    bottleneck: countSchema.describe('R; the rank for lora; 0 for methods without one.'),
    parameters: z.object({ trainable: countSchema, all: countSchema }),
    bytes: countSchema.describe('Of its tensors.'),
    frames: z.int().positive().nullable().describe('F that it was trained with; null for images.'),
    scores: z.record(z.string(), z.number()).describe('On the test split, in the order to show them.'),
    created: timeSchema,
    seed: z.int(),
    data: z.string().describe('The last part of the path of what it was trained on.'),
    isLoaded: z.boolean().describe('Whether it is in memory now.'),
    origin: z.enum(['shipped', 'uploaded', 'trained', 'folder']),
    canDelete: z.boolean(),
  })
  .meta({ id: 'Adapter' });
export type Adapter = z.output<typeof adapterSchema>;

export const adapterDetailsSchema = adapterSchema
  .extend({
    sha256: z.string(),
    backbone: z.object({ name: z.string(), sha256: z.string(), bytes: countSchema, parameters: countSchema }),
    modules: z.array(
      z.object({
        module: z.string(),
        role: z.string(),
        tensors: countSchema,
        parameters: countSchema,
        change: z
          .number()
          .nullable()
          .describe('RMS of what it adds to or changes of its start; null where nothing is known.'),
      }),
    ),
    recipe: recordSchema.describe('Everything it was trained with.'),
    files: z.array(z.object({ name: z.string(), bytes: countSchema })),
  })
  .meta({ id: 'AdapterDetails' });
export type AdapterDetails = z.output<typeof adapterDetailsSchema>;
