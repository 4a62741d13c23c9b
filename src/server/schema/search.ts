// Search: nearest embeddings first, then a closer look at the best by the matching head.

import { z } from 'zod';
import { adapterChoice, countSchema, frameWeightsSchema, mediaRefSchema, nameSchema, textSchema } from './common.js';
import { filterSchema, libraryItemSchema } from './libraries.js';

/** What to search with. */
export const querySchema = z
  .union([z.strictObject({ text: textSchema }), z.strictObject({ media: mediaRefSchema })])
  .meta({ id: 'Query' });
export type Query = z.output<typeof querySchema>;

export const searchRequestSchema = z
  .strictObject({
    library: nameSchema,
    adapter: adapterChoice,
    query: querySchema,
    find: z
      .enum(['media', 'captions'])
      .default('media')
      .describe('Images and clips, or the captions that came with the library (of media, for which one is searched).'),
    filter: filterSchema.default({}),
    limit: z.int().min(1).max(100).default(20),
    offset: z.int().nonnegative().max(10_000).default(0).describe('Hits to leave out: for the next page.'),
    rerank: z
      .int()
      .nonnegative()
      .max(256)
      .optional()
      .describe(
        'How many of the nearest are scored again by the matching head; 0 = none. Default: 16 where that helped this model on its validation split, else none. Between media there is no such head.',
      ),
    exact: z.boolean().default(false).describe('Compares with every embedding instead of asking the index.'),
  })
  .meta({ id: 'SearchRequest' });
export type SearchRequest = z.output<typeof searchRequestSchema>;

export const hitSchema = z
  .object({
    rank: z.int().positive().describe('From 1.'),
    item: libraryItemSchema,
    caption: z.string().optional().describe('What was found, where captions were searched.'),
    similarity: z.number().describe('Cosine of the embeddings: the first stage.'),
    firstRank: z.int().positive().describe('Rank by similarity alone.'),
    match: z.number().nullable().describe('Logit of the matching head: the second stage; null where it did not look.'),
    probability: z.number().nullable().describe('The same between 0 and 1: that text and picture belong together.'),
    frameWeights: frameWeightsSchema.optional(),
  })
  .meta({ id: 'Hit' });
export type Hit = z.output<typeof hitSchema>;

export const searchResultSchema = z
  .object({
    adapter: z.string(),
    stage: z
      .enum(['first', 'final'])
      .describe('`first`: by similarity alone; `final`: re-ranked where that was asked for.'),
    hits: z.array(hitSchema),
    searched: countSchema.describe('Embeddings in the index, before filters.'),
    reranked: countSchema,
    reranking: z.string().describe('Whether the nearest are scored again where nobody says how many, and why.'),
    seconds: z.object({ embed: z.number(), nearest: z.number(), rerank: z.number() }),
  })
  .meta({ id: 'SearchResult' });
export type SearchResult = z.output<typeof searchResultSchema>;
