// What a group of runs shows beside their records: the backbones alone, the same examples by every run, what to beware of.

import { basename } from 'node:path';
import { framesOf } from '../../data/dataset/open.js';
import type { Scores } from '../../evaluate/index.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { drawExamples, type Side } from '../run/examples.js';
import { type ReportOptions, scoreBackbone } from '../run/run-report.js';
import { lossChart, scoreChart } from './curves.js';
import { type Baseline, type ComparedRun, type Group, type SideName, scoresOf, wayOf, waysOf } from './data.js';
import { apart, type Comparable } from './groups.js';

/** @param first  of all runs */
export async function measured(group: Comparable, first: ComparedRun, options: ReportOptions): Promise<Group> {
  const { runs, dataset, problem } = group;
  const [own] = runs as readonly [ComparedRun];
  const finished = runs.filter((run) => scoresOf(run) !== null);
  return {
    task: own.recipe.task,
    title: titleOf(group),
    apart: own === first ? null : apart(first, own),
    runs,
    baselines: dataset ? await baselinesOf(finished, options) : [],
    notes: notesOf(finished, problem),
    lossChart: await lossChart(runs),
    scoreChart: await scoreChart(runs),
    examples: await examplesOf(group, options),
  };
}

function titleOf({ runs, dataset }: Comparable): string {
  const [{ recipe }] = runs as readonly [ComparedRun];
  const ways = waysOf(runs);
  return [basename(dataset?.source ?? recipe.data.path), ...(ways.size === 1 ? ways : [])].join(', ');
}

/** Backbones of the runs without an adapter, measured once each as the first run with it was. */
async function baselinesOf(finished: readonly ComparedRun[], options: ReportOptions): Promise<readonly Baseline[]> {
  const baselines: Baseline[] = [];
  for (const [name, { recipe, done }] of backbonesOf(finished)) {
    const scores = done?.before ?? (await scoreBackbone(recipe, options));
    if (scores) baselines.push({ name, scores });
  }
  return baselines;
}

/** A run for each backbone, and each number of frames that it saw, by what to call it. */
function backbonesOf(finished: readonly ComparedRun[]): ReadonlyMap<string, ComparedRun> {
  const paths = new Set(finished.map(({ recipe }) => recipe.backbone));
  const isClear = new Set([...paths].map((path) => basename(path))).size === paths.size;
  const several = new Set(finished.map(framesSeen)).size > 1;
  const nameOf = (run: ComparedRun) => {
    const { backbone } = run.recipe;
    return `${isClear ? basename(backbone) : backbone} alone${several ? `, ${framesSeen(run)} frames` : ''}`;
  };
  return new Map(finished.toReversed().map((run) => [nameOf(run), run]));
}

const framesSeen = ({ recipe }: ComparedRun): number | null => framesOf(recipe.data, []).testFrames;

async function examplesOf({ runs, dataset }: Comparable, options: ReportOptions): Promise<Group['examples']> {
  const finished = runs.filter(({ done }) => done !== null);
  const [first] = finished;
  if (!first || !dataset?.splits.test.items.length) return null;
  const backbones = [...backbonesOf(finished)];
  const alone = backbones.map(([name, run]): [SideName, Side] => [name, sideOf(run, null)]);
  const adapted = finished.map((run): [SideName, Side] => [run, sideOf(run, runFolder(run.folder).adapter)]);
  const sides = [...alone, ...adapted];
  const shown = await drawExamples(dataset.splits.test, {
    ...options,
    ...{ task: first.recipe.task, decoder: dataset.decoder, seed: first.recipe.train.seed },
    sides: sides.map(([, side]) => side),
  });
  return { shown, sides: sides.map(([name]) => name) };
}

const sideOf = (run: ComparedRun, adapter: string | null): Side => ({
  ...{ adapter, backbone: run.recipe.backbone, frames: framesSeen(run) },
});

function notesOf(finished: readonly ComparedRun[], problem: string | null): readonly string[] {
  const ways = new Map<string, string[]>();
  for (const run of finished) {
    const way = wayOf(scoresOf(run) as Scores);
    ways.set(way, [...(ways.get(way) ?? []), run.letter]);
  }
  const apart = [...ways].map(([way, letters]) => `${letters.join(', ')}: ${way}`).join('; ');
  return [
    ...(ways.size > 1 ? [`Not measured in the same way, so none is marked as the best of all. ${apart}.`] : []),
    ...(problem ? [`No examples and no backbone alone, since the data cannot be used any more. ${problem}.`] : []),
  ];
}
