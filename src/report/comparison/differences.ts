// What differs between recipes, key by key.

import { type Recipe, recipeSections } from '../../recipe/index.js';
import type { ComparedRun, Difference } from './data.js';

const TASK_SECTIONS: readonly string[] = ['retrieval', 'answering', 'captioning'] satisfies Recipe['task'][];

type Leaves = ReadonlyMap<string, string>;

/**
 * Keys that are not the same in all recipes, and how many are. Left out are sections of tasks that no run has, and options
 * of only some methods wherever these are at their defaults.
 */
export function differencesOf(runs: readonly Pick<ComparedRun, 'recipe'>[]): {
  readonly differences: readonly Difference[];
  readonly sameKeys: number;
} {
  const recipes = runs.map(({ recipe }) => recipe);
  const tasks = new Set<string>(recipes.map(({ task }) => task));
  const flat = recipes.map((recipe): Leaves => new Map(leaves(recipe, '')));
  const keys = [...new Set(flat.flatMap((own) => [...own.keys()]))].filter((key) => isOfTasks(key, tasks));
  const isSame = (key: string) => new Set(flat.map((own) => own.get(key))).size === 1;
  const { meanings, defaults } = documented();
  const isPlain = (key: string) =>
    flat.some((own) => !own.has(key)) &&
    flat.every((own) => !own.has(key) || own.get(key) === defaults.get(`${own.get('method.name')} ${key}`));
  return {
    differences: keys
      .filter((key) => !isSame(key) && !isPlain(key))
      .map((key) => ({ key, meaning: meanings.get(key) ?? '', values: flat.map((own) => own.get(key) ?? null) })),
    sameKeys: keys.filter(isSame).length,
  };
}

/** What keys mean, and the defaults of options by method and key. */
function documented(): { readonly meanings: ReadonlyMap<string, string>; readonly defaults: Leaves } {
  const meanings = new Map<string, string>();
  const defaults = new Map<string, string>();
  for (const { description: section, keys } of recipeSections())
    for (const { key, description, method, default: value } of keys) {
      if (!meanings.has(key)) meanings.set(key, key === 'method.name' ? section : description);
      if (method !== undefined) defaults.set(`${method} ${key}`, textOf(value));
    }
  return { meanings, defaults };
}

function isOfTasks(key: string, tasks: ReadonlySet<string>): boolean {
  const section = key.slice(0, key.indexOf('.'));
  return !TASK_SECTIONS.includes(section) || tasks.has(section);
}

/** Dotted keys and values. */
function leaves(value: unknown, path: string): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, textOf(value)]];
  return Object.entries(value).flatMap(([key, below]) => leaves(below, path === '' ? key : `${path}.${key}`));
}

/** As people would write it. */
const textOf = (value: unknown): string => (Array.isArray(value) ? value.map(textOf).join(', ') : `${value}`);
