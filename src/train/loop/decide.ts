// What a recipe leaves to the run, decided from its data, its method and its backbone. `profile: official` decides as the
// PyTorch release does.

import { stepsPerEpoch } from '../../data/items/index.js';
import { fail } from '../../error/index.js';
import type { DecidedRecipe, Recipe } from '../../recipe/index.js';
import { learningRateOf } from './learning-rate.js';

/** What is decided by. */
export interface Facts {
  /** Captions or questions that train. */
  readonly samples: number;
  /** D of the backbone's image encoder. */
  readonly width: number;
  /** F; null for images. */
  readonly frames: number | null;
  /** Whether a text that trains says left or right. */
  readonly saysSides: boolean;
}

/** Steps that automatic epochs come near to: on two cores minutes with `tiny`; more gave little, see docs/log.md. */
const STEPS = 1000;
/** A handful of pictures is learnt by heart after so many epochs. */
const MAX_EPOCHS = 40;
/** Evaluations of a run, and how many of them in a row may be no better. */
const EVALUATIONS = 10;
const PATIENCE = 5;
/** The start of a run in which the learning rate rises: longer is lost time. */
const WARM_SHARE = 1 / 12;
const MAX_WARM_STEPS = 100;
/**
 * Below, a moving average of rate 0.995, which looks 200 steps back, only lags behind, and augmentation costs more points than
 * it saves: docs/log.md.
 */
const LONG_STEPS = 2000;

/** BLIP's and the release's own numbers. */
const RELEASE = { learningRate: 1e-5, epochs: 6, queue: 57600, momentum: 0.995, alpha: 0.4 } as const;

/**
 * The recipe with every automatic value decided; what it says itself stays, but for a queue longer than the samples.
 *
 * @throws recipe  when the decided learning rate is below `minLearningRate`
 */
export function decide(recipe: Recipe, facts: Facts): DecidedRecipe {
  const train = trainOf(recipe, facts.samples);
  const steps = train.epochs * stepsPerEpoch(facts.samples, train);
  const isLong = isOfficial(recipe) || steps >= LONG_STEPS;
  return {
    ...recipe,
    data: {
      ...recipe.data,
      frames: facts.frames,
      augment: or(recipe.data.augment, isLong ? 'release' : 'none'),
      flip: or(recipe.data.flip, isOfficial(recipe) || !facts.saysSides),
    },
    optimiser: optimiserOf(recipe, { ...facts, steps, batch: train.batch }),
    train,
    retrieval: retrievalOf(recipe, { ...facts, steps }),
  };
}

interface Length extends Facts {
  /** Of the whole run. */
  readonly steps: number;
}

function trainOf(recipe: Recipe, samples: number): DecidedRecipe['train'] {
  const { train } = recipe;
  const dropLast = or(train.dropLast, isOfficial(recipe));
  const perEpoch = Math.max(1, stepsPerEpoch(samples, { batch: train.batch, dropLast }));
  const fitting = Math.max(1, Math.min(MAX_EPOCHS, Math.round(STEPS / perEpoch)));
  const epochs = or(train.epochs, isOfficial(recipe) ? RELEASE.epochs : fitting);
  return {
    ...train,
    dropLast,
    epochs,
    evaluateEvery: or(train.evaluateEvery, Math.max(1, Math.round(epochs / EVALUATIONS))),
    patience: or(train.patience, isOfficial(recipe) ? 0 : PATIENCE),
  };
}

function optimiserOf(
  recipe: Recipe,
  { width, batch, steps }: Length & { readonly batch: number },
): DecidedRecipe['optimiser'] {
  const { optimiser, method, task } = recipe;
  const fitting = learningRateOf({ method: method.name, task, width, batch, steps });
  const learningRate = or(optimiser.learningRate, isOfficial(recipe) ? RELEASE.learningRate : fitting);
  if (optimiser.minLearningRate > learningRate)
    fail('recipe', {
      where: 'optimiser.minLearningRate',
      what: 'is above the learning rate of this run',
      got: `${optimiser.minLearningRate}`,
      expected: `at most ${learningRate}`,
    });
  const warmupSteps = Math.min(MAX_WARM_STEPS, Math.round(WARM_SHARE * steps));
  return {
    ...optimiser,
    learningRate,
    schedule: or(optimiser.schedule, isOfficial(recipe) ? 'epoch' : 'step'),
    warmupSteps: or(optimiser.warmupSteps, isOfficial(recipe) ? 0 : warmupSteps),
  };
}

/** A short queue of a few samples would hold each of them many times over. */
function retrievalOf(recipe: Recipe, { samples, steps }: Length): DecidedRecipe['retrieval'] {
  const { retrieval } = recipe;
  const queueStart = or(retrieval.queueStart, isOfficial(recipe) ? 'random' : 'empty');
  const isAveraged = isOfficial(recipe) || steps >= LONG_STEPS;
  const momentum = or(retrieval.momentum, isAveraged ? RELEASE.momentum : 0);
  const wanted = or(retrieval.queue, isOfficial(recipe) || momentum > 0 ? RELEASE.queue : 0);
  return {
    ...retrieval,
    queueStart,
    momentum,
    queue: queueStart === 'random' ? wanted : Math.min(wanted, samples),
    alpha: or(retrieval.alpha, isOfficial(recipe) || momentum > 0 ? RELEASE.alpha : 0),
  };
}

const isOfficial = ({ profile }: Recipe): boolean => profile === 'official';

function or<T>(given: T, decided: Exclude<T, 'auto'>): Exclude<T, 'auto'> {
  return given === 'auto' ? decided : (given as Exclude<T, 'auto'>);
}
