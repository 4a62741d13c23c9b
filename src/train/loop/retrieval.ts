// Training for retrieval: a caption a sample, queues of earlier features, noise for the hard negatives.

import {
  evaluateTask,
  headlineOf,
  type RetrievalResult,
  type RetrievalScores,
  stagesOf,
} from '../../evaluate/index.js';
import { type RetrievalOptions, retrievalStep } from '../../model/task/index.js';
import { stream } from '../../random/index.js';
import type { TaskOptions } from './options.js';
import { retrievalInPieces } from './retrieval-gradients.js';
import { enqueue } from './state.js';
import type { TrainTask } from './task.js';

export function retrievalTask({ recipe, looking, testFrames }: TaskOptions): TrainTask<RetrievalScores> {
  const { codec, frames } = looking;
  const { batch, seed } = recipe.train;
  const options = optionsOf(recipe);
  return {
    texts: ({ captions }) => captions.length,
    sizes: { batch, tokens: codec.maxTokens, frames },
    padded: { ids: 'ids', mask: 'mask' },
    queue: options.queue,
    encode(items, samples) {
      const { ids, mask } = codec.captions(samples.map(({ item, text }) => items[item]?.captions[text] as string));
      const index = Int32Array.from(samples, ({ item }) => item);
      return { feeds: { ids, mask, index }, sizes: this.sizes };
    },
    trace(model, { tokens }) {
      const { features, negatives, ...step } = retrievalStep(
        model,
        { batch, tokens: tokens as number, frames },
        options,
      );
      return { ...step, outputs: { 'queue/image': features.image, 'queue/text': features.text } };
    },
    inPieces: (model, piece) => retrievalInPieces(model, { batch, tokens: codec.maxTokens, frames }, options, piece),
    feeds: ({ step, queue }) => ({
      ...mining(seed, step, batch),
      'queue/image': queue.image,
      'queue/text': queue.text,
      'queue/index': queue.index,
    }),
    keep({ queue }, results, { index }) {
      const features = (of: 'image' | 'text') => results[`queue/${of}`] as Float32Array;
      enqueue(queue, features('image'), features('text'), index as Int32Array);
    },
    async evaluate(model, set, shown = null) {
      const options = { ...looking, frames: testFrames, candidates: [], shown };
      return ((await evaluateTask(model, set, recipe, options)) as RetrievalResult).scores;
    },
    stages: (scores) => (recipe.retrieval.rerank === 'auto' ? stagesOf(scores) : null),
    selectionMetric: headlineOf,
  };
}

function optionsOf({ profile, retrieval }: TaskOptions['recipe']): RetrievalOptions & { readonly queue: number } {
  const { momentum, queueStart, contrastive, matching, trainTemperature } = retrieval;
  const isRead = contrastive > 0; // moving averages and queue serve the contrast alone
  const twins = momentum === 0 || !isRead ? 'off' : profile === 'official' ? 'twice' : 'once';
  return {
    queue: isRead ? retrieval.queue : 0,
    countsUnwritten: queueStart === 'random',
    ...{ momentum: twins, itc: contrastive, itm: matching, trainTemperature },
  };
}

/** Gumbel noise of the hard negatives of a step, f32 [B, B] each. */
export function mining(seed: number, step: number, batch: number) {
  const noise = (purpose: string) => {
    const draws = stream(seed, purpose, step);
    return new Float32Array(batch * batch).map(() => draws.gumbel());
  };
  return { 'noise/image': noise('negative images'), 'noise/text': noise('negative texts') };
}
