// The recipe that a command line means: a file or the name of one that ships, then flags, then key=value in the order
// they were given.

import { join } from 'node:path';
import type { Command } from 'commander';
import { fail } from '../error/index.js';
import { found, readBytes } from '../files/files.js';
import { isKey, override, parseRecipe, parseYaml, type Recipe } from '../recipe/index.js';
import { splitArguments } from './options.js';
import { isName, shippedRecipe } from './shipped.js';

export interface RecipeFlags {
  readonly recipe?: string;
  readonly data?: string;
  readonly backbone?: string;
  readonly method?: string;
  readonly task?: string;
  readonly skipBad?: true;
  /** `key=value` each. */
  readonly set?: readonly string[];
}

/**
 * The recipe of `train` and of whatever else takes one.
 *
 * @throws `recipe` or `file`; a usage error when there is more than one recipe, or neither one nor data
 */
export async function recipeOf(args: readonly string[], flags: RecipeFlags, command: Command): Promise<Recipe> {
  const { assignments, others } = splitArguments(args);
  const files = [...others, ...(flags.recipe ? [flags.recipe] : [])];
  if (files.length > 1)
    command.error(`error: one recipe at a time, got ${files.join(' and ')} (set single keys with key=value)`);
  const [file] = files;
  const given = file === undefined ? {} : await readYaml(await recipeFile(file));
  const changes = [...assignmentsOf(flags), ...(flags.set ?? []), ...assignments];
  const changed = override(given, changes);
  if (file === undefined && !changes.some((change) => change.startsWith('data.path=')))
    command.error('error: nothing to learn from; give --data FOLDER or a recipe that names data.path');
  const { recipeForData } = await import('../predict/programs/task.js'); // here, so that --help does not wait for decoders
  return recipeForData(changed, file ?? 'command line');
}

/** A file of that name, or the recipe that ships under it; a folder may have the same name. */
async function recipeFile(word: string): Promise<string> {
  if ((await found(word))?.isFile()) return word;
  if (isKey(word))
    fail('recipe', {
      where: word,
      what: 'is a key without a value',
      expected: `${word}=VALUE`,
      fix: `see npx uniadapter keys ${word}`,
    });
  return isName(word) ? shippedRecipe(word) : word;
}

/** Flags that are short for keys. JSON is YAML, and quotes whatever needs it. */
export function assignmentsOf({ data, backbone, method, task, skipBad }: Partial<RecipeFlags>): string[] {
  const values = {
    'data.path': data,
    task,
    backbone,
    'method.name': method,
    'data.skipBad': skipBad,
  };
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${JSON.stringify(value)}`],
  );
}

/** Reads a YAML or JSON file. @throws `recipe` with line and column when it is neither, `file` when it cannot be read */
export async function readYaml(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    return parseYaml(text);
  } catch (cause) {
    const { message } = cause as Error;
    return fail('recipe', { where: path, what: `is neither YAML nor JSON: ${message}`, cause });
  }
}

/** The recipe an adapter was trained with. */
export async function recipeOfAdapter(folder: string, assignments: readonly string[]): Promise<Recipe> {
  const where = join(folder, 'adapter.json');
  const info = (await readYaml(where)) as { readonly recipe?: unknown } | null;
  return parseRecipe(override(info?.recipe, assignments), where);
}
