// Long work: building an index, training. Jobs wait in a queue and one runs at a time.

import { z } from 'zod';
import {
  adapterChoice,
  countSchema,
  kindSchema,
  MOST_COUNTED,
  mediaRefSchema,
  nameSchema,
  recordSchema,
  taskSchema,
  timeSchema,
} from './common.js';

export const jobStateSchema = z
  .enum(['waiting', 'running', 'stopped', 'done', 'failed'])
  .describe('`stopped`: by a user or by the end of the server; it can be resumed.')
  .meta({ id: 'JobState' });

/** Which events of a job. */
export const eventsQuerySchema = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(MOST_COUNTED)
    .default(0)
    .describe('Number of the last one that is known already.'),
});

export const jobSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['index', 'train']),
    title: z.string(),
    state: jobStateSchema,
    done: countSchema,
    all: countSchema.describe('Files or steps; 0 while nobody knows.'),
    secondsLeft: z.number().nullable(),
    created: timeSchema,
    finished: timeSchema.nullable(),
    error: z.string().nullable(),
    /** What it was asked to do. */
    request: recordSchema,
  })
  .meta({ id: 'Job' });
export type Job = z.output<typeof jobSchema>;

const shownMedia = mediaRefSchema.nullable().describe('Null where the server cannot show the file.');

/** What a model in training does with one item of the test split. */
export const exampleSchema = z
  .discriminatedUnion('task', [
    z.object({
      task: z.literal('retrieval'),
      text: z.string(),
      hits: z.array(z.object({ media: shownMedia, isRight: z.boolean() })).describe('The first few.'),
      rank: z.int().positive().describe('Of the right one.'),
      searched: countSchema,
    }),
    z.object({
      task: z.literal('answering'),
      media: shownMedia,
      question: z.string(),
      truths: z.array(z.string()).describe('What people answered.'),
      answers: z.array(z.object({ answer: z.string(), probability: z.number() })).describe('The most probable first.'),
    }),
    z.object({
      task: z.literal('captioning'),
      media: shownMedia,
      caption: z.string(),
      truths: z.array(z.string()).describe('What people wrote.'),
    }),
  ])
  .meta({ id: 'Example' });
export type Example = z.output<typeof exampleSchema>;

/** What a job tells while it runs, as server-sent events named by `type`; `id` counts from 1. */
export const jobEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('job'), job: jobSchema }).describe('It was created, or its state or progress changed.'),
    z
      .object({ type: z.literal('train'), event: recordSchema })
      .describe('A `TrainEvent` of docs/formats.md: plan, step, evaluation, …'),
    z
      .object({
        type: z.literal('examples'),
        epoch: countSchema.describe('Epochs behind it; 0 before training.'),
        examples: z.array(exampleSchema),
      })
      .describe('The same few searches, questions or captions in the same order, before training and after epochs.'),
    z.object({ type: z.literal('unreadable'), path: z.string(), problem: z.string() }),
  ])
  .meta({ id: 'JobEvent' });
export type JobEvent = z.output<typeof jobEventSchema>;

export const indexRequestSchema = z
  .strictObject({ library: nameSchema, adapter: adapterChoice })
  .meta({ id: 'IndexRequest' });
export type IndexRequest = z.output<typeof indexRequestSchema>;

export const trainRequestSchema = z
  .strictObject({
    name: nameSchema.describe('Of the adapter, and of the run.'),
    recipe: recordSchema.describe(
      'As in a recipe file (docs/recipe.md); `data.path` is the name of a folder that the server offers.',
    ),
  })
  .meta({ id: 'TrainRequest' });
export type TrainRequest = z.output<typeof trainRequestSchema>;

const planSettingsSchema = z
  .object({
    learningRate: z.number().describe('At its highest.'),
    warmupSteps: countSchema,
    augment: z.enum(['none', 'release']),
    flip: z
      .boolean()
      .describe('Whether half of the training pictures are mirrored: not by itself where texts say left or right.'),
    evaluateEvery: countSchema.describe('Epochs; 0 = only at the end.'),
    patience: countSchema.describe('Evaluations in a row without a better one, after which it stops; 0 = never.'),
    queue: countSchema.optional().describe('Q of retrieval.'),
    momentum: z.number().optional().describe('μ of retrieval.'),
  })
  .meta({ id: 'PlanSettings' });

/** What a training would do, before it is started. */
export const trainPlanSchema = z
  .object({
    task: taskSchema,
    method: z.string(),
    items: z.object({ train: countSchema, val: countSchema, test: countSchema }),
    kind: z.enum(['images', 'videos', 'both']),
    frames: z.int().positive().nullable(),
    parameters: z.object({ trainable: countSchema, all: countSchema }),
    modules: z.array(z.object({ module: z.string(), parameters: countSchema })).describe('What trains.'),
    memoryBytes: countSchema.describe('Estimated.'),
    freeBytes: countSchema,
    pieces: countSchema.describe('In how many pieces a batch is computed so that it fits.'),
    steps: countSchema,
    epochs: countSchema,
    settings: planSettingsSchema,
    decided: z.array(z.string()).describe('Keys of the recipe that were `auto`, and are decided by the data.'),
    problems: z.array(z.string()).describe('What is wrong with single files or entries.'),
    leftOut: z.array(z.string()).describe('What of the data is not read, such as links; no obstacle.'),
  })
  .meta({ id: 'TrainPlan' });
export type TrainPlan = z.output<typeof trainPlanSchema>;

/** A folder or manifest with captions or questions that may be trained on. */
export const datasetSchema = z
  .object({
    name: nameSchema,
    items: countSchema,
    kind: z.enum(['images', 'videos', 'both']),
    captions: countSchema,
    questions: countSchema,
    splits: z.object({ train: countSchema, val: countSchema, test: countSchema }),
    isSample: z.boolean(),
    problem: z.string().nullable().describe('Why it cannot be read now; then nothing of it is counted.'),
    examples: z
      .array(
        z.object({
          media: shownMedia,
          kind: kindSchema,
          captions: z.array(z.string()),
          questions: z.array(z.object({ question: z.string(), answer: z.string() })),
        }),
      )
      .optional()
      .describe('A few of its items, to see what there is.'),
  })
  .meta({ id: 'Dataset' });
export type Dataset = z.output<typeof datasetSchema>;
