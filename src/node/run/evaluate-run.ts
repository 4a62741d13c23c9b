// Scores a backbone, with or without an adapter, on a split of a user's data.

import type { Split } from '../../data/index.js';
import { fail } from '../../error/index.js';
import { evaluateRetrieval, type Scores } from '../../evaluate/index.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { loadTrained } from './load.js';
import { openData } from './train-run.js';
import type { EvaluateOptions } from './types.js';

/** @throws data  when the split is empty or an image of it cannot be used */
export async function evaluateRun(options: EvaluateOptions): Promise<Scores> {
  const { adapter, backbone, data, split, seed, retrieval, onProgress } = options;
  const { model, encode, preprocess, matches } = await loadTrained(adapter, backbone, data);
  const opened = onlySplit(await openData(data, seed), split);
  if (opened.splits[split].items.length === 0)
    fail('data', {
      where: opened.source,
      what: `the split ${split} is empty`,
      fix: 'choose another one, or change data.split',
    });
  const { dataset } = await checkDataset(opened, { skipBad: data.skipBad, thorough: true });
  const set = dataset.splits[split];
  const { rerank, similarityWeight } = retrieval;
  const { scores } = await evaluateRetrieval(model, set, {
    preprocess,
    encode,
    batch: 32,
    rerank: matches ? rerank : 0,
    similarityWeight,
    onProgress,
  });
  return scores;
}

/** The dataset without the images that are not asked for: they need not be looked at, and may even be missing. */
function onlySplit(dataset: Dataset, split: Split): Dataset {
  const { [split]: kept } = dataset.splits;
  const none = { ...kept, items: [] };
  return { ...dataset, splits: { train: none, val: none, test: none, [split]: kept } };
}
