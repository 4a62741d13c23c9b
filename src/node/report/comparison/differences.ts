// What differs between recipes, key by key.

import { type Recipe, recipeKeys } from '../../../recipe/index.js';
import type { ComparedRun, Difference } from './data.js';

const TASK_SECTIONS: readonly string[] = ['retrieval', 'answering', 'captioning'] satisfies Recipe['task'][];

/** Keys that are not the same in all recipes, and how many others there are. Sections of tasks that no run has are left out. */
export function differencesOf(runs: readonly ComparedRun[]): {
  readonly differences: readonly Difference[];
  readonly sameKeys: number;
} {
  const tasks = new Set<string>(runs.map(({ recipe }) => recipe.task));
  const flat = runs.map(({ recipe }) => new Map(leaves(recipe, '')));
  const keys = [...new Set(flat.flatMap((own) => [...own.keys()]))].filter((key) => isOfTasks(key, tasks));
  const meanings = new Map(recipeKeys().map(({ key, description }) => [key, description]));
  const all = keys.map((key) => ({
    key,
    meaning: meanings.get(key) ?? '',
    values: flat.map((own) => own.get(key) ?? null),
  }));
  const differences = all.filter(({ values }) => new Set(values).size > 1);
  return { differences, sameKeys: all.length - differences.length };
}

function isOfTasks(key: string, tasks: ReadonlySet<string>): boolean {
  const section = key.slice(0, key.indexOf('.'));
  return !TASK_SECTIONS.includes(section) || tasks.has(section);
}

/** Dotted keys and values as they would be written. */
function leaves(value: unknown, path: string): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, path === '' ? key : `${path}.${key}`));
}
