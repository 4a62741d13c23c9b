// Long work: building an index, training. Jobs wait in a queue and one runs at a time.

import { z } from 'zod';
import { adapterChoice, countSchema, nameSchema, recordSchema, taskSchema, timeSchema } from './common.js';

export const jobStateSchema = z
  .enum(['waiting', 'running', 'stopped', 'done', 'failed'])
  .describe('`stopped`: by a user or by the end of the server; it can be resumed.')
  .meta({ id: 'JobState' });

/** Which events of a job. */
export const eventsQuerySchema = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0).describe('Number of the last one that is known already.'),
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
        epoch: countSchema,
        examples: z.array(recordSchema),
      })
      .describe('The same few searches or questions after each evaluated epoch.'),
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
    problems: z.array(z.string()).describe('What is wrong with single files or entries.'),
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
  })
  .meta({ id: 'Dataset' });
export type Dataset = z.output<typeof datasetSchema>;
