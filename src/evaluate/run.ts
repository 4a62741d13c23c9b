// Scores a backbone, with or without an adapter, on a split of a user's data.

import { checkDataset, type Dataset, eachSplit, kept } from '../data/dataset/dataset.js';
import { candidatesOf, framesOf, openData } from '../data/dataset/open.js';
import type { Item, Split } from '../data/items/index.js';
import { fail } from '../error/index.js';
import { loadTrained, type Trained } from '../predict/programs/load.js';
import type { OnProgress } from '../predict/programs/progress.js';
import type { Recipe } from '../recipe/index.js';
import type { Scores } from './index.js';
import { bestAnswer, evaluateTask, type Result, type Shown } from './index.js';
import { modelReranking } from './trained-reranking.js';

export interface EvaluateOptions {
  /** An adapter folder; null evaluates the backbone alone. */
  readonly adapter: string | null;
  /** Task, backbone, data and how to evaluate. */
  readonly recipe: Recipe;
  readonly split: Split;
  readonly onProgress: OnProgress;
}

export interface Evaluated {
  /** Null where nothing could be scored, since only a server knows the answers. */
  readonly scores: Scores | null;
  /**
   * What was answered or written, in the form that evaluation servers take: `question_id` and `answer` as VQA v2's, or
   * `image_id` and `caption` as COCO's. Null for retrieval.
   */
  readonly results: readonly Readonly<Record<string, string | number>>[] | null;
}

/** @throws data  when the split is empty or a file of it cannot be used */
export async function evaluateRun({ adapter, recipe, split, onProgress }: EvaluateOptions): Promise<Evaluated> {
  const { task, backbone, data, train, precision } = recipe;
  const { model, codec, preprocess, ...trained } = await loadTrained({
    ...{ adapter, backbone, task, precision, seeing: data },
  });
  const opened = await openData(recipe, train.seed);
  const only = { ...opened, splits: eachSplit((name) => kept(opened.splits[name], () => name === split)) };
  if (only.splits[split].items.length === 0)
    fail('data', {
      where: opened.source,
      what: `the split ${split} is empty`,
      fix: 'choose another one, or change data.split',
    });
  const { dataset } = await checkDataset(only, { skipBad: data.skipBad }); // others need not be looked at, and may be missing
  const set = dataset.splits[split];
  const candidates = await answersFor(recipe, opened, trained);
  const { testFrames: frames } = framesOf(data, set.items);
  const matches = (trained.adapter?.recipe.retrieval.matching ?? 1) > 0;
  const result = await evaluateTask(model, set, recipe, {
    ...{ codec, preprocess, frames, candidates, matches, onProgress },
    learnt: opened.splits.train.items,
    shown: shownOf(trained),
  });
  return { scores: result.scores, results: resultsOf(result, set.items) };
}

/** What validation showed of an adapter, or its maker of a backbone. */
function shownOf({ adapter, backbone }: Pick<Trained, 'adapter' | 'backbone'>): Shown | null {
  const { by, stages } = modelReranking({ adapter, backbone });
  return stages && (by === 'validation' || by === 'backbone') ? { by, stages } : null;
}

/**
 * What a recipe names; what an adapter learnt; or, as training would, the answers of the data's training questions, so that a
 * backbone alone chooses from the same as its adapters; or what the backbone has learnt.
 */
async function answersFor(
  recipe: EvaluateOptions['recipe'],
  dataset: Dataset,
  { adapter, answers }: Pick<Trained, 'adapter' | 'answers'>,
): Promise<readonly string[]> {
  if (recipe.task !== 'answering') return [];
  if (recipe.answering.answerList === null && adapter !== null && adapter.answers.length > 0) return adapter.answers;
  const own = await candidatesOf(recipe, dataset);
  return own.length > 0 ? own : answers;
}

function resultsOf(result: Result, items: readonly Item[]): Evaluated['results'] {
  if ('predictions' in result)
    return result.predictions.map((prediction) => ({
      question_id: numeric(prediction.question.id),
      answer: bestAnswer(prediction),
    }));
  if ('captions' in result)
    return result.captions.map((caption, i) => ({ image_id: numeric((items[i] as Item).id), caption }));
  return null;
}

/** Servers want numbers where ids are numbers; `007` is none. */
const numeric = (id: string): string | number => (/^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id);
