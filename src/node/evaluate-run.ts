// Scores a backbone, with or without an adapter, on a split of a user's data.

import { cached } from '../data/index.js';
import { fail } from '../error/index.js';
import { evaluateRetrieval, type Scores } from '../evaluate/index.js';
import { checkDataset } from './dataset.js';
import { loadTrained } from './load.js';
import type { EvaluateOptions } from './run-types.js';
import { openData } from './train-run.js';

/** @throws data  when the split is empty or an image cannot be used */
export async function evaluateRun(options: EvaluateOptions): Promise<Scores> {
  const { adapter, backbone, data, split, seed, retrieval, onProgress } = options;
  const { model, encode, preprocess } = await loadTrained(adapter, backbone, data);
  const { dataset } = await checkDataset(await openData(data, seed), { skipBad: data.skipBad, thorough: true });
  const set = dataset.splits[split];
  if (set.items.length === 0)
    fail('data', { where: dataset.source, what: `the split ${split} is empty`, fix: 'choose another with --split' });
  const { rerank, similarityWeight } = retrieval;
  const { scores } = await evaluateRetrieval(model, cached(set, preprocess.size, 2 ** 30), {
    preprocess,
    encode,
    batch: Math.min(32, set.items.length),
    rerank,
    similarityWeight,
    onProgress,
  });
  return scores;
}
