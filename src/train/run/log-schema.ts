// What the lines of events.jsonl must be for those who read them: reports, comparisons and TensorBoard. Keys that nobody
// reads may be there or not.

import { z } from 'zod';

const figures = z.record(z.string(), z.number());
const count = z.int().nonnegative();
const looked = { items: count, frames: count.nullable(), frameAware: z.boolean() };
const ways = { textToMedia: figures, mediaToText: figures };

const scores = z
  .discriminatedUnion('task', [
    z.looseObject({ task: z.literal('retrieval'), ...looked, ...ways, firstStage: z.looseObject(ways), texts: count }),
    z.looseObject({
      task: z.literal('answering'),
      ...looked,
      metric: z.enum(['vqa', 'exact']),
      accuracy: z.number(),
      byType: figures,
      questions: count,
    }),
    z.looseObject({
      task: z.literal('captioning'),
      ...looked,
      CIDEr: z.number(),
      BLEU: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      references: count,
    }),
  ])
  .nullable();

const time = z.iso.datetime({ offset: true }).optional();

const known = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('plan'),
    time,
    task: z.enum(['retrieval', 'answering', 'captioning']),
    method: z.string(),
    parameters: z.looseObject({ trainable: count, all: count }),
    items: z.looseObject({ train: count, val: count, test: count }),
    samples: count,
    frames: count.nullable(),
    epochs: count,
    steps: count,
    batch: count,
    resumedAt: count,
  }),
  z.looseObject({
    type: z.literal('step'),
    time,
    step: count,
    epoch: count,
    losses: figures,
    learningRate: z.number(),
    seconds: z.number(),
  }),
  z.looseObject({ type: z.literal('evaluation'), time, epoch: count, split: z.enum(['val', 'test']), scores }),
  z.looseObject({
    type: z.literal('done'),
    time,
    adapter: z.string(),
    adapterBytes: count,
    backboneBytes: count,
    seconds: z.number(),
    scores,
  }),
]);

/** One line. Events of other types are only told apart by it. */
export const eventSchema = z.looseObject({ type: z.string() }).superRefine((event, { addIssue }) => {
  if (!READ.has(event.type)) return;
  const parsed = known.safeParse(event);
  for (const { path, message } of parsed.error?.issues ?? []) addIssue({ code: 'custom', path, message });
});

const READ: ReadonlySet<string> = new Set(['plan', 'step', 'evaluation', 'done']);
