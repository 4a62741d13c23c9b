// Libraries: folders of images and clips that can be searched.

import { z } from 'zod';
import { countSchema, kindSchema, MOST_COUNTED, nameSchema, timeSchema } from './common.js';

/** The embeddings of a library under one adapter; those of different adapters are never compared. */
export const libraryIndexSchema = z
  .object({
    adapter: z.string().describe('`none` for the backbone alone.'),
    items: countSchema.describe('Images and clips that have an embedding.'),
    captions: countSchema.describe('Captions that have one.'),
    unreadable: countSchema,
    isCurrent: z.boolean().describe('Whether it was made with these very weights and preprocessing, of all files.'),
    updated: timeSchema,
  })
  .meta({ id: 'LibraryIndex' });

export const librarySchema = z
  .object({
    name: nameSchema,
    items: countSchema,
    images: countSchema,
    videos: countSchema,
    captions: countSchema.describe('Captions that came with the files.'),
    folders: z
      .array(z.string())
      .describe('Subfolders that hold media, relative, `/` between; `` is the folder itself.'),
    isSample: z.boolean(),
    indexes: z.array(libraryIndexSchema),
  })
  .meta({ id: 'Library' });
export type Library = z.output<typeof librarySchema>;

export const libraryItemSchema = z
  .object({
    id: z.string(),
    library: nameSchema,
    path: z.string().describe('Relative to the library, `/` between.'),
    kind: kindSchema,
    bytes: countSchema,
    modified: timeSchema,
    captions: z.array(z.string()),
  })
  .meta({ id: 'LibraryItem' });
export type LibraryItem = z.output<typeof libraryItemSchema>;

/** Characters; no file system has longer ones. */
const LONGEST_PATH = 4096;

/** Which items; all conditions must hold. */
export const filterSchema = z
  .strictObject({
    folder: z.string().max(LONGEST_PATH).optional().describe('Of the library, with its subfolders.'),
    kind: kindSchema.optional(),
    from: timeSchema.optional().describe('Changed at this time or later.'),
    until: timeSchema.optional().describe('Changed before this time.'),
  })
  .meta({ id: 'Filter' });
export type Filter = z.output<typeof filterSchema>;

export const itemsQuerySchema = z.strictObject({
  folder: filterSchema.shape.folder,
  kind: filterSchema.shape.kind,
  offset: z.coerce.number().int().min(0).max(MOST_COUNTED).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});
export type ItemsQuery = z.output<typeof itemsQuerySchema>;

export const itemsSchema = z
  .object({ items: z.array(libraryItemSchema), all: countSchema.describe('How many there are in all.') })
  .meta({ id: 'LibraryItems' });
export type Items = z.output<typeof itemsSchema>;
