// What a server is: its backbone, its limits.

import { z } from 'zod';
import { countSchema, taskSchema } from './common.js';

export const infoSchema = z
  .object({
    version: z.string(),
    backbone: z.object({
      name: z.string(),
      sha256: z.string(),
      parameters: countSchema,
      bytes: countSchema,
      imageSize: countSchema.describe('Pixels.'),
      tasks: z.array(taskSchema).describe('What it can do without an adapter.'),
    }),
    limits: z.object({
      bodyBytes: countSchema.describe('Of any request but an upload.'),
      uploadBytes: countSchema.describe('Of an image or clip.'),
      adapterBytes: countSchema.describe('Of an adapter, all its files together.'),
      pixels: countSchema.describe('Of a picture or frame.'),
      clipSeconds: z.number(),
      waiting: countSchema.describe('Requests that may wait for a model; more are refused with 503.'),
      seconds: z.number().describe('After which a request is given up with 504.'),
    }),
    canTrain: z.boolean(),
  })
  .meta({ id: 'Info' });
export type Info = z.output<typeof infoSchema>;

export const healthSchema = z.object({ status: z.enum(['ok', 'stopping']) }).meta({ id: 'Health' });
export type Health = z.output<typeof healthSchema>;
