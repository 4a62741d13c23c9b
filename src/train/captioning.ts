// Training for captioning: a caption a sample, after the prompt.

import { type CaptioningResult, type CaptioningScores, evaluateTask } from '../evaluate/index.js';
import { promptTokens } from '../model/index.js';
import { captioningStep, captionNames } from '../task/index.js';
import type { TaskOptions } from './options.js';
import type { TrainTask } from './task.js';

/** @param positions  tokens the decoder reads at most */
export function captioningTask(options: TaskOptions, positions: number): TrainTask<CaptioningScores> {
  const { recipe, looking, testFrames } = options;
  const { codec, frames } = looking;
  const { batch } = recipe.train;
  const { prompt, smoothing } = recipe.captioning;
  const given = promptTokens(codec, prompt).length;
  const tokens = Math.min(positions, codec.maxTokens + given - 1);
  const sizes = { batch, tokens, frames };
  return {
    texts: ({ captions }) => captions.length,
    sizes,
    queue: 0,
    encode(items, samples) {
      const captions = samples.map(({ item, text }) => items[item]?.captions[text] as string);
      const { ids, mask } = codec.prompted(prompt, captions, tokens);
      return { feeds: { [captionNames.ids]: ids, [captionNames.mask]: mask }, sizes };
    },
    trace: (model) => captioningStep(model, sizes, { given, smoothing }),
    async evaluate(model, set, onProgress) {
      const how = { ...looking, frames: testFrames, candidates: [], ...(onProgress && { onProgress }) };
      return ((await evaluateTask(model, set, recipe, how)) as CaptioningResult).scores;
    },
    rate: ({ CIDEr }) => CIDEr,
  };
}
