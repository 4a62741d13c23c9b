// Unchecked data → a resolved recipe, or one error that names everything that is wrong with it.

import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { andMore, fail, shortened, TOLD } from '../error/index.js';
import { safeParse } from '../json/index.js';
import { recipeKeys } from './keys.js';
import { defaultMethod } from './method.js';
import { type Recipe, recipeSchema } from './schema.js';
import { isSection, nodeAt, type Path, typeText, valueAt } from './tree.js';

interface Problem {
  readonly key: string;
  readonly what: string;
  readonly got?: string;
  readonly expected?: string;
  readonly fix?: string;
}

/**
 * Checks a recipe and fills in the defaults.
 *
 * @param given  what a YAML or JSON file holds, overrides already applied; nothing at all is an empty recipe
 * @param where  the file, for the error
 * @throws `recipe` naming every unknown key with the nearest valid one, and every wrong value with what was expected; of
 *   more than ten how many there are
 */
export function parseRecipe(given: unknown, where: string): Recipe {
  refuseHuge(given, where);
  const recipe = withMethodName(given ?? {});
  const result = safeParse(recipeSchema, recipe);
  if (result.success) return result.data;
  const { issues } = result.error;
  const count = issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  const problems = issues.slice(0, TOLD).flatMap((issue) => problemsOf(issue, recipe));
  const [only] = problems;
  if (only && count === 1) {
    const { key, ...rest } = only;
    fail('recipe', { where: key ? `${where}, ${key}` : where, ...rest });
  }
  const lines = [...problems.slice(0, TOLD).map(line), ...(count > TOLD ? [`  ${andMore(count)}`] : [])];
  fail('recipe', { where, what: `${count} problems\n${lines.join('\n')}` });
}

/** Keys and entries: a thousand times what there is to say. */
const MOST_ENTRIES = 100_000;

/** What is told of the wrong ones takes work for each. @throws recipe */
function refuseHuge(given: unknown, where: string): void {
  const rest = [given];
  for (let entries = 0; rest.length > 0; entries++) {
    if (entries + rest.length > MOST_ENTRIES)
      fail('recipe', {
        where,
        what: 'holds too much for a recipe',
        expected: `at most ${MOST_ENTRIES} keys and entries`,
      });
    const value = rest.pop();
    if (typeof value === 'object' && value !== null)
      for (const key in value) rest.push(value[key as keyof typeof value]);
  }
}

/** `method: { bottleneck: 64 }` means the default method: a union has no default for what tells its variants apart. */
function withMethodName(recipe: unknown): unknown {
  const method = valueAt(['method'], recipe);
  if (!isSection(recipe) || !isSection(method) || 'name' in method) return recipe;
  return { ...recipe, method: { ...defaultMethod, ...method } };
}

function problemsOf(issue: z.core.$ZodIssue, recipe: unknown): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, TOLD).map((key) => unknownKey(path, key, recipe));
  const key = path.join('.');
  if (issue.code === 'custom') return [{ key, what: issue.message, ...issue.params }];
  const node = nodeAt(path, recipe);
  const expected = node ? { expected: typeText(node) } : {};
  const value = valueAt(path, recipe);
  if (value === undefined) return [{ key, what: 'is missing', ...expected }];
  return [{ key, what: 'is not usable', got: show(value), ...expected }];
}

function unknownKey(path: Path, key: string, recipe: unknown): Problem {
  const full = [...path, shortened(key)].join('.');
  const owners = recipeKeys().flatMap((known) => (known.key === full && known.method ? [known.method] : []));
  if (owners.length > 0)
    return {
      key: full,
      what: `is not an option of ${show(valueAt(['method', 'name'], recipe))}, only of ${owners.join(', ')}`,
    };
  return { key: full, what: 'is not a key of a recipe', fix: `did you mean ${nearest(path, shortened(key), recipe)}?` };
}

/** The valid key that a wrong one most likely means: its own section first, then the same name anywhere else. */
function nearest(path: Path, key: string, recipe: unknown): string {
  const siblings = Object.keys(nodeAt(path, recipe)?.properties ?? {}).map((name) => [...path, name].join('.'));
  const elsewhere = recipeKeys().map((known) => known.key);
  const name = (dotted: string) => dotted.slice(dotted.lastIndexOf('.') + 1).toLowerCase();
  const cost = (dotted: string) => distance(name(dotted), key.toLowerCase());
  const best = (keys: readonly string[]) => keys.reduce((a, b) => (cost(b) < cost(a) ? b : a), keys[0] ?? '');
  const [here, there] = [best(siblings), best(elsewhere)];
  return here && cost(here) <= Math.max(cost(there), key.length / 3) ? here : there;
}

function line({ key, what, got, expected, fix }: Problem): string {
  const details = [got && `got ${got}`, expected && `expected ${expected}`, fix].filter(Boolean).join(', ');
  return `  ${key}: ${what}${details && `: ${details}`}`;
}

const show = (value: unknown): string =>
  typeof value === 'string'
    ? `'${shortened(value)}'`
    : shortened(typeof value === 'number' ? `${value}` : JSON.stringify(value));
