// Questions, captions, embeddings.

import { z } from 'zod';
import { adapterChoice, countSchema, frameWeightsSchema, mediaRefSchema, textSchema } from './common.js';

/** Where a model looked: the evidence of cross attention for what it said. */
export const attentionSchema = z
  .object({
    rows: countSchema,
    columns: countSchema,
    frames: z
      .array(z.array(z.number()))
      .describe('Of each frame rows × columns numbers between 0 and 1, the largest of all frames being 1.'),
  })
  .meta({ id: 'Attention' });
export type Attention = z.output<typeof attentionSchema>;

export const askRequestSchema = z
  .strictObject({
    adapter: adapterChoice,
    media: mediaRefSchema,
    questions: z.array(textSchema).min(1).max(32),
    answers: z.int().min(1).max(50).default(5).describe('Answers of each question, at most.'),
    attention: z.boolean().default(false).describe('Whether to tell where the model looked.'),
  })
  .meta({ id: 'AskRequest' });
export type AskRequest = z.output<typeof askRequestSchema>;

export const answeredSchema = z
  .object({
    question: z.string(),
    answers: z.array(z.object({ answer: z.string(), probability: z.number() })).describe('The most probable first.'),
    frameWeights: frameWeightsSchema.optional(),
    attention: attentionSchema.optional(),
  })
  .meta({ id: 'Answered' });
export type Answered = z.output<typeof answeredSchema>;

export const askResultSchema = z
  .object({ adapter: z.string(), answered: z.array(answeredSchema), seconds: z.number() })
  .meta({ id: 'AskResult' });
export type AskResult = z.output<typeof askResultSchema>;

export const captionRequestSchema = z
  .strictObject({ adapter: adapterChoice, media: z.array(mediaRefSchema).min(1).max(32) })
  .meta({ id: 'CaptionRequest' });
export type CaptionRequest = z.output<typeof captionRequestSchema>;

export const captionResultSchema = z
  .object({ adapter: z.string(), captions: z.array(z.string()), seconds: z.number() })
  .meta({ id: 'CaptionResult' });
export type CaptionResult = z.output<typeof captionResultSchema>;

export const embedRequestSchema = z
  .strictObject({
    adapter: adapterChoice,
    texts: z.array(textSchema).max(256).default([]),
    media: z.array(mediaRefSchema).max(32).default([]),
  })
  .meta({ id: 'EmbedRequest' });
export type EmbedRequest = z.output<typeof embedRequestSchema>;

export const embedResultSchema = z
  .object({
    adapter: z.string(),
    width: countSchema.describe('P'),
    texts: z.array(z.array(z.number())).describe('Of unit length; products of texts and media are their similarity.'),
    media: z.array(z.array(z.number())),
  })
  .meta({ id: 'EmbedResult' });
export type EmbedResult = z.output<typeof embedResultSchema>;
