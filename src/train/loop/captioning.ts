// Training for captioning: a caption a sample, after the prompt.

import { type CaptioningResult, type CaptioningScores, evaluateTask } from '../../evaluate/index.js';
import { captioningStep, captionNames } from '../../model/task/index.js';
import { pickRows, promptTokens } from '../../predict/programs/index.js';
import { inSlices, type Slice } from './gradients.js';
import type { TaskOptions } from './options.js';
import type { StepBatch, TrainTask } from './task.js';

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
    padded: captionNames,
    queue: 0,
    encode(items, samples) {
      const captions = samples.map(({ item, text }) => items[item]?.captions[text] as string);
      const { ids, mask } = codec.prompted(prompt, captions, tokens);
      return { feeds: { [captionNames.ids]: ids, [captionNames.mask]: mask }, sizes };
    },
    trace: (model, { tokens }) => captioningStep(model, { ...sizes, tokens: tokens as number }, { given, smoothing }),
    inPieces(model, piece) {
      const trace: typeof this.trace = (model) =>
        captioningStep(model, { ...sizes, batch: piece }, { given, smoothing });
      return inSlices(model, { trace, sizes }, (all) => slicesOf(all, piece));
    },
    async evaluate(model, set) {
      const how = { ...looking, frames: testFrames, candidates: [] };
      return ((await evaluateTask(model, set, recipe, how)) as CaptioningResult).scores;
    },
    selectionMetric: ({ CIDEr }) => CIDEr,
  };

  /** The loss is a mean over tokens, so a slice counts by its tokens. */
  function slicesOf({ feeds }: StepBatch, piece: number): Slice[] {
    const mask = feeds[captionNames.mask] as Int32Array;
    const counted = (rows: readonly number[]) =>
      pickRows(mask, rows, tokens).filter((seen, i) => seen === 1 && i % tokens >= Math.max(1, given)).length;
    const all = counted(Array.from({ length: batch }, (_, i) => i));
    const slices = Array.from({ length: batch / piece }, (_, slice) => {
      const rows = Array.from({ length: piece }, (_, i) => slice * piece + i);
      const own = [captionNames.ids, captionNames.mask, 'image'].map((name) => {
        const array = feeds[name] as Float32Array | Int32Array;
        return [name, pickRows(array, rows, array.length / batch)] as const;
      });
      return { share: counted(rows) / all, sizes, feeds: { ...feeds, ...Object.fromEntries(own) } };
    });
    return slices.filter(({ share }) => share > 0); // a mean over no tokens is no number
  }
}
