// Drawn pictures and clips that come with captions and questions: docs/world.md.

import { z } from 'zod';
import { kindSchema, nameSchema } from './common.js';
import { uploadSchema } from './uploads.js';

export const worldOptionsSchema = z
  .object({
    domains: z.array(z.object({ name: z.string(), about: z.string(), kinds: z.array(kindSchema) })),
    missing: z
      .array(z.string())
      .describe('npm packages with art that are not installed; without them nothing can be drawn.'),
  })
  .meta({ id: 'WorldOptions' });
export type WorldOptions = z.output<typeof worldOptionsSchema>;

export const drawRequestSchema = z
  .strictObject({
    domain: nameSchema,
    kind: kindSchema.default('image'),
    seed: z
      .int()
      .nonnegative()
      .max(2 ** 31 - 1),
    size: z.int().min(32).max(512).default(256).describe('Pixels a side.'),
  })
  .meta({ id: 'DrawRequest' });
export type DrawRequest = z.output<typeof drawRequestSchema>;

export const drawnSchema = z
  .object({
    media: uploadSchema,
    captions: z.array(z.string()).describe('The complete one first.'),
    questions: z.array(z.object({ question: z.string(), answer: z.string(), type: z.string() })),
  })
  .meta({ id: 'Drawn' });
export type Drawn = z.output<typeof drawnSchema>;
