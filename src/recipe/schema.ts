// A run as data: every choice that can change its numbers, with unit, default and source. The documentation, --help and
// all error messages are made from this file; nothing about a key is said anywhere else.

import { z } from 'zod';
import {
  MOST_BATCH,
  MOST_BEAMS,
  MOST_BYTES,
  MOST_CANDIDATES,
  MOST_EPOCHS,
  MOST_FACTOR,
  MOST_FRAMES,
  MOST_PIXELS,
  MOST_PROMPT,
  MOST_QUEUE,
  MOST_RATE,
  MOST_STEPS,
  MOST_TOKENS,
} from './bounds.js';
import { FORMATS, VARIANTS, variantsOf } from './formats.js';
import { defaultMethod, methodSchema } from './method.js';

const upTo = (most: number) => z.int().min(1).max(most);
const noneUpTo = (most: number) => z.int().min(0).max(most);
const weight = z.number().min(0).max(MOST_FACTOR);
const share = z.number().min(0).max(1);
const decay = z.number().min(0).lt(1);
/** What is decided when a run starts, from its data, its method and its length: src/train/loop/decide.ts. */
const auto = z.literal('auto');

const splitSchema = z
  .strictObject({
    train: share.default(0.8).describe('Share of the items that train, 0…1.'),
    val: share
      .default(0.1)
      .describe('Share of the items of the validation split, by which epochs and recipes are compared, 0…1.'),
    test: share.default(0.1).describe('Share of the items for the final scores, 0…1.'),
  })
  .check(({ value, issues }) => {
    const sum = value.train + value.val + value.test;
    if (Math.abs(sum - 1) < 1e-6) return;
    issues.push({ code: 'custom', input: value, message: 'do not add up to 1', params: { got: `${sum}` } });
  });

const framesSchema = z.union([upTo(MOST_FRAMES), z.literal('auto')]).nullable();

const dataSchema = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .describe(
        'The dataset: a manifest or a folder, as its format wants it; relative paths start at the working folder.',
      ),
    format: z
      .enum(FORMATS)
      .default('manifest')
      .describe('How the dataset is written down: manifest = your own data, the others as their official files are.'),
    variant: z
      .enum(Object.values(VARIANTS).flat())
      .nullable()
      .default(null)
      .describe(
        'Which splits: msrvtt 1k-A (9,000 clips train, null means this), 7k or full; vqav2 server (val2014 trains too, ' +
          'as in BLIP; null means this) or val.',
      ),
    visualGenome: z
      .boolean()
      .default(false)
      .describe('vqav2: whether questions of Visual Genome train too, with a weight of 0.2 each (BLIP: true).'),
    mediaRoot: z
      .string()
      .nullable()
      .default(null)
      .describe('Folder that paths of images and clips start from; null means where the format keeps them.'),
    split: splitSchema
      .prefault({})
      .describe('Shares drawn by item id, used where the dataset has no splits of its own.'),
    maxWords: upTo(MOST_TOKENS).default(30).describe('Captions are cut after so many words (BLIP and UniAdapter: 30).'),
    imageSize: upTo(MOST_PIXELS)
      .nullable()
      .default(null)
      .describe(
        'Edge of the square the model sees, in pixels, a multiple of its patch; null means the backbone’s own.',
      ),
    frames: framesSchema
      .default('auto')
      .describe('F, frames sampled of a clip (published: 8); null = images; auto = 8 if there are clips, else images.'),
    testFrames: upTo(MOST_FRAMES)
      .nullable()
      .default(null)
      .describe('F at evaluation (DiDeMo: 16); null means as many as in training.'),
    jitter: z
      .boolean()
      .default(true)
      .describe('Training frames are drawn from F equal segments of the clip instead of being their middles.'),
    cache: z
      .string()
      .nullable()
      .default(null)
      .describe(
        'Folder that keeps sampled frames, so that clips are decoded once; null = none. Needs jitter false; changes no number.',
      ),
    augment: z
      .enum(['auto', 'none', 'release'])
      .default('auto')
      .describe(
        'Training images: release = random crop of 0.5–1, flip and RandAugment(2, 5) as in BLIP; none = resize; auto = none below 2000 steps.',
      ),
    flip: z
      .union([z.boolean(), auto])
      .default('auto')
      .describe(
        'Whether augmentation mirrors half of the training images; auto = not where a text says left or right (release: always).',
      ),
    skipBad: z
      .boolean()
      .default(false)
      .describe('Leave out entries and files that cannot be used instead of stopping at the start.'),
  })
  .check(({ value: { format, variant }, issues }) => {
    const expected = variantsOf(format);
    if (variant === null || expected.includes(variant)) return;
    issues.push({
      code: 'custom',
      input: variant,
      path: ['variant'],
      message: `is not one of ${format}`,
      params: { got: variant, expected: expected.join(', ') || 'null' },
    });
  })
  .check(({ value: { cache, jitter }, issues }) => {
    if (cache === null || !jitter) return;
    const params = { expected: 'jitter false', fix: 'set data.jitter=false, or leave data.cache out' };
    const message = 'would keep frames that are never asked for again: with jitter every epoch draws others';
    issues.push({ code: 'custom', input: cache, path: ['cache'], message, params });
  });

const optimiserSchema = z
  .strictObject({
    learningRate: z
      .union([z.number().positive().max(MOST_RATE), auto])
      .default('auto')
      .describe(
        'AdamW step size at its highest; auto = by method, task, width, batch and number of steps, and shown in the plan (published: 1e-5, batch 256).',
      ),
    minLearningRate: z.number().min(0).max(MOST_RATE).default(0).describe('Where the cosine ends (BLIP: 0).'),
    schedule: z
      .enum(['auto', 'step', 'epoch'])
      .default('auto')
      .describe(
        'When the cosine lowers the learning rate: with every step (auto), or after every epoch (release, and auto in its profile).',
      ),
    warmupSteps: z
      .union([noneUpTo(MOST_STEPS), auto])
      .default('auto')
      .describe(
        'Steps over which the learning rate rises from 0; auto = a twelfth of all, at most 100 (BLIP pre-training: 3000; fine-tuning: 0).',
      ),
    weightDecay: z
      .number()
      .min(0)
      .max(MOST_RATE)
      .default(0.05)
      .describe('Decoupled weight decay of every trainable tensor (BLIP and UniAdapter: 0.05).'),
    beta1: decay.default(0.9).describe('Decay of the gradient’s running mean.'),
    beta2: decay.default(0.999).describe('Decay of the squared gradient’s running mean.'),
    epsilon: z.number().positive().max(1).default(1e-8).describe('Added to the root of the squared mean.'),
  })
  .check(({ value, issues }) => {
    if (value.learningRate === 'auto' || value.minLearningRate <= value.learningRate) return;
    issues.push({
      code: 'custom',
      input: value,
      path: ['minLearningRate'],
      message: 'is above learningRate',
      params: { got: `${value.minLearningRate}`, expected: `at most ${value.learningRate}` },
    });
  });

const trainSchema = z.strictObject({
  epochs: z
    .union([upTo(MOST_EPOCHS), auto])
    .default('auto')
    .describe(
      'Passes over the training samples; auto = as many as come nearest to 1000 steps, from 1 to 40 (published: 5 to 10).',
    ),
  batch: upTo(MOST_BATCH)
    .default(32) // the release's batch on one of its eight GPUs; also the number of negatives to mine from
    .describe(
      'B, captions or questions per step; hard negatives come from the same batch (published: 256 over 8 GPUs).',
    ),
  dropLast: z
    .union([z.boolean(), auto])
    .default('auto')
    .describe(
      'Whether samples that do not fill the last batch of an epoch are dropped (release); otherwise, and as auto, the first ones of the epoch fill it.',
    ),
  seed: z
    .int()
    .min(0)
    .max(0xffffffff)
    .default(1)
    .describe('Same seed, same run: splits, order, crops, starting values.'),
  evaluateEvery: z
    .union([noneUpTo(MOST_EPOCHS), auto])
    .default('auto')
    .describe('Epochs between evaluations on the validation split; auto = a tenth of all; 0 = only at the end.'),
  patience: z
    .union([noneUpTo(MOST_EPOCHS), auto])
    .default('auto')
    .describe(
      'Evaluations in a row without a better one after which training stops; the best is kept; auto = 5; 0 = never (release).',
    ),
  checkpointEvery: upTo(MOST_STEPS).default(100).describe('Steps between checkpoints; one is also written on Ctrl-C.'),
  memory: z
    .union([z.literal('auto'), upTo(MOST_BYTES)])
    .default('auto')
    .describe(
      'Bytes that training may take: a batch that needs more is computed in pieces, which gives the same gradients in more time; auto = most of what is free.',
    ),
});

const retrievalSchema = z.strictObject({
  queue: z
    .union([noneUpTo(MOST_QUEUE), auto])
    .default('auto')
    .describe(
      'Q, features of earlier batches to compare with, at most as many as samples train; auto = none where there is no slow copy (BLIP: 57600).',
    ),
  queueStart: z
    .enum(['auto', 'empty', 'random'])
    .default('auto')
    .describe(
      'What the queue holds before its first round: nothing (auto), or random vectors that count as negatives (release, and auto in its profile).',
    ),
  momentum: z
    .union([share, auto])
    .default('auto')
    .describe(
      'μ of the slowly following copy that fills the queue and softens the targets; auto = none below 2000 steps, then 0.995 (BLIP: 0.995); 0 = no copy.',
    ),
  alpha: z
    .union([share, auto])
    .default('auto')
    .describe(
      'Share of the soft targets; rises from 0 during the first epoch; auto = 0 where there is no slow copy (BLIP: 0.4).',
    ),
  temperature: z
    .number()
    .min(0.001)
    .max(0.5)
    .nullable()
    .default(null)
    .describe('Similarities are divided by it (BLIP started at 0.07); null means the backbone’s own.'),
  trainTemperature: z
    .boolean()
    .default(false)
    .describe('Whether the temperature trains too; the release freezes it by accident.'),
  contrastive: weight.default(1).describe('Weight of the contrastive loss ITC.'),
  matching: weight.default(1).describe('Weight of the matching loss ITM; 0 leaves it out and saves its time.'),
  rerank: z
    .union([z.literal('auto'), noneUpTo(MOST_CANDIDATES)])
    .default('auto')
    .describe(
      'k, first-stage candidates that are scored again by matching (published: 256 COCO, 128 others); 0 = none; auto = 128 where that helped this model on the validation split.',
    ),
  similarityWeight: weight.default(0).describe('β in matching + β · similarity when re-scoring (release: 0, BLIP: 1).'),
});

const smoothing = share
  .default(0.1)
  .describe('Part of each target token that is spread over the vocabulary (BLIP: 0.1).');
const beams = upTo(MOST_BEAMS).default(3).describe('Texts that are written side by side (BLIP: 3).');

const answeringSchema = z.strictObject({
  smoothing,
  inference: z
    .enum(['rank', 'generate'])
    .default('rank')
    .describe('rank = the most probable of the known answers (published); generate = written by beam search.'),
  answerList: z
    .string()
    .nullable()
    .default(null)
    .describe('A JSON list of the answers to choose from; null means those of the training questions.'),
  rankedAnswers: upTo(MOST_CANDIDATES)
    .default(128)
    .describe('k, answers whose first word is the most probable, which are then scored whole (published: 128).'),
  beams,
  maxLength: upTo(MOST_TOKENS).default(10).describe('Tokens of a written answer, [DEC] included (BLIP: 10).'),
});

const captioningSchema = z.strictObject({
  smoothing,
  prompt: z
    .string()
    .max(MOST_PROMPT)
    .default('a picture of ')
    .describe('What every caption starts with; it is given, not learnt (BLIP).'),
  beams,
  maxLength: upTo(MOST_TOKENS)
    .default(20)
    .describe('Tokens of a written caption, those of the prompt included (BLIP: 20).'),
  minLength: noneUpTo(MOST_TOKENS).default(5).describe('Tokens before which no caption ends, likewise (BLIP: 5).'),
});

/** A run. Sections and keys that are left out take their defaults; only `data.path` has none. */
export const recipeSchema = z.strictObject({
  task: z
    .enum(['retrieval', 'answering', 'captioning'])
    .default('retrieval')
    .describe(
      'What is learnt: find images or clips by text and back, answer questions about them, or caption them; where nobody says, data with questions and no captions are for answering.',
    ),
  backbone: z
    .string()
    .min(1)
    .default('tiny')
    .describe(
      'The frozen model: a name that ships with the package (tiny), a folder or checkpoint of BLIP, or a repository that was pulled (Salesforce/blip-itm-base-coco).',
    ),
  precision: z
    .enum(['float32', 'int8'])
    .default('float32')
    .describe(
      'Products with the large frozen matrices, forward and for gradients: int8 takes less time and rounds both operands (SwitchBack, arXiv 2304.13013).',
    ),
  profile: z
    .enum(['default', 'official'])
    .default('default')
    .describe('official repeats quirks of the PyTorch release (start away from the backbone, frozen cross LayerNorm).'),
  method: methodSchema.prefault(defaultMethod).describe('How the backbone is adapted.'),
  data: dataSchema.prefault({} as z.input<typeof dataSchema>).describe('Images or clips, with captions or questions.'),
  optimiser: optimiserSchema.prefault({}).describe('AdamW.'),
  train: trainSchema.prefault({}).describe('The loop.'),
  retrieval: retrievalSchema.prefault({}).describe('Objective and evaluation of the task retrieval.'),
  answering: answeringSchema.prefault({}).describe('Objective and evaluation of the task answering.'),
  captioning: captioningSchema.prefault({}).describe('Objective and evaluation of the task captioning.'),
});

/** A resolved run: every key is there. */
export type Recipe = z.output<typeof recipeSchema>;
/** What users write: everything but `data.path` may be missing. */
export type RecipeInput = z.input<typeof recipeSchema>;

type Decided<Section> = { readonly [Key in keyof Section]: Exclude<Section[Key], 'auto'> };

/** A run in which nothing is left to decide but how much memory there is, and whether hits are re-ranked. */
export interface DecidedRecipe extends Omit<Recipe, 'data' | 'optimiser' | 'train' | 'retrieval'> {
  readonly data: Decided<Recipe['data']>;
  readonly optimiser: Decided<Recipe['optimiser']>;
  readonly train: Decided<Omit<Recipe['train'], 'memory'>> & Pick<Recipe['train'], 'memory'>;
  readonly retrieval: Decided<Omit<Recipe['retrieval'], 'rerank'>> & Pick<Recipe['retrieval'], 'rerank'>; // validation decides that
}
