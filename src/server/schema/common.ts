// What several requests and answers have in common: names, media, adapters, errors.

import { z } from 'zod';

/** The backbone without any adapter. */
export const NO_ADAPTER = 'none';

/** What names of adapters, libraries and runs look like: they become file names and parts of addresses. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected letters, digits, dots, dashes, at most 64')
  .meta({ id: 'Name', example: 'red-cars' });

export const adapterChoice = nameSchema
  .default(NO_ADAPTER)
  .describe('Which adapter; `none` is the backbone alone.')
  .meta({ id: 'AdapterChoice' });

export const taskSchema = z.enum(['retrieval', 'answering', 'captioning']).meta({ id: 'Task' });
export const kindSchema = z.enum(['image', 'video']).meta({ id: 'MediaKind' });

/** What the server itself has given a name: hashes and UUIDs. */
export const idSchema = z.string().max(128);

/** Things that are counted one by one: no library, and no job, has more. */
export const MOST_COUNTED = 1e9;

/** An image or a clip: one of a library, or one that was uploaded or drawn. */
export const mediaRefSchema = z
  .union([
    z.strictObject({ library: nameSchema, item: idSchema.describe('The id that searching or listing gave.') }),
    z.strictObject({ upload: idSchema.describe('The id that uploading or drawing gave.') }),
  ])
  .meta({ id: 'MediaRef' });
export type MediaRef = z.output<typeof mediaRefSchema>;

/** Frames of a clip that are shown: as many as adapters may look at on a server. */
const MOST_FRAMES = 64;

/** One picture of an image or clip, made small. */
export const pictureQuerySchema = z
  .strictObject({
    size: z.coerce.number().int().min(16).max(2048).default(320).describe('Longer side in pixels.'),
    frame: z.coerce
      .number()
      .int()
      .min(0)
      .max(MOST_FRAMES - 1)
      .default(0)
      .describe('Which of the frames, from 0.'),
    frames: z.coerce
      .number()
      .int()
      .min(1)
      .max(MOST_FRAMES)
      .default(1)
      .describe('Into how many frames a clip is cut, as models do.'),
  })
  .refine(({ frame, frames }) => frame < frames, { path: ['frame'], error: 'expected less than frames' });

/** One non-blank text. */
export const textSchema = z
  .string()
  .trim()
  .min(1, 'is blank')
  .max(2000)
  .meta({ id: 'Text', example: 'a red car on the left' });

type Json = z.core.util.JSONType;

/** Any value of JSON. It has a name, since it refers to itself. */
const jsonSchema: z.ZodType<Json, Json> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonSchema), z.record(z.string(), jsonSchema)]),
  )
  .meta({ id: 'Json' });

/** Any object of JSON. */
export const recordSchema = z.record(z.string(), jsonSchema);

export const countSchema = z.int().nonnegative();
/** ISO 8601. */
export const timeSchema = z.iso.datetime({ offset: true });

/** How much each frame of a clip was looked at. */
export const frameWeightsSchema = z
  .array(z.number())
  .describe('How much each frame was looked at, 1 on average; only where frames are weighed.');

/** RFC 9457, with the fields of every error of the project. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('One sentence: where, what, got, expected, how to fix.'),
    code: z.string().describe('The kind of the error, for programs.'),
    where: z.string(),
    what: z.string(),
    got: z.string().optional(),
    expected: z.string().optional(),
    fix: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problemSchema>;
