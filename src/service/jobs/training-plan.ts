// What a training would do, for whoever is about to start it.

import { type Flaw, leftOutText } from '../../data/items/index.js';
import type { TrainPlan } from '../../server/index.js';
import { settingsOf } from '../../train/loop/index.js';
import type { RunPlan } from '../../train/run/plan-run.js';
import { moduleOf } from '../../verbs/inspect.js';
import { kindsOf } from '../libraries/datasets.js';

/** More than these help nobody. */
const PROBLEMS = 50;

export function trainPlanOf(plan: RunPlan): TrainPlan {
  const { recipe, items, counts, frames, parameters, memory, memoryBytes, steps, decided, flaws, leftOut } = plan;
  return {
    task: recipe.task,
    method: recipe.method.name,
    items: counts,
    kind: kindsOf(items),
    frames,
    parameters,
    modules: modulesOf(plan),
    memoryBytes: Math.round(memory.bytes),
    freeBytes: Math.round(memoryBytes),
    pieces: memory.piece === null ? 1 : Math.ceil(recipe.train.batch / memory.piece),
    steps,
    epochs: recipe.train.epochs,
    settings: settingsOf(recipe),
    decided: [...decided],
    problems: problemsOf(flaws),
    leftOut: leftOut.filter(({ severity }) => severity === 'warning').map(leftOutText),
  };
}

function modulesOf({ trainable }: RunPlan): TrainPlan['modules'] {
  const modules = new Map<string, number>();
  for (const { path, parameters } of trainable) {
    const module = moduleOf(path);
    modules.set(module, (modules.get(module) ?? 0) + parameters);
  }
  return [...modules].map(([module, parameters]) => ({ module, parameters }));
}

function problemsOf(flaws: readonly Flaw[]): string[] {
  const told = flaws.slice(0, PROBLEMS).map(({ line, media, what, got }) => {
    return `entry ${line}${media ? ` ${media}` : ''} ${what}${got ? `: ${got}` : ''}`;
  });
  return flaws.length > PROBLEMS ? [...told, `and ${flaws.length - PROBLEMS} more`] : told;
}
