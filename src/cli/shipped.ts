// The recipes that ship with the package, by name.

import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import { fail } from '../error/index.js';
import { readText } from '../files/files.js';

const FOLDER = new URL('../../recipes/', import.meta.url);
const EXTENSION = '.yaml';

export interface ShippedRecipe {
  /** What `train` takes. */
  readonly name: string;
  /** The first sentence of its file. */
  readonly title: string;
  readonly path: string;
}

export async function shippedRecipes(): Promise<readonly ShippedRecipe[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(EXTENSION)).sort();
  return Promise.all(
    names.map(async (file) => {
      const path = fileURLToPath(new URL(file, FOLDER));
      const title = firstSentence(await readText(path));
      return { name: file.slice(0, -EXTENSION.length), title, path };
    }),
  );
}

/** Of the comment that a file begins with. */
function firstSentence(text: string): string {
  const [comment = ''] = /^(?:# .*\n)*/.exec(text) ?? [];
  const words = comment.replaceAll(/^# /gm, '').replaceAll('\n', ' ');
  return /^.*?\.(?=\s)/.exec(words)?.[0] ?? '';
}

/** Whether a word can only be the name of a recipe that ships: it has neither folders nor an extension. */
export const isName = (word: string): boolean => !/[\\/]/.test(word) && extname(word) === '';

/** The file of a recipe that ships. @throws `recipe` with the most similar name, and all of them, when there is none */
export async function shippedRecipe(name: string): Promise<string> {
  const all = await shippedRecipes();
  const found = all.find((recipe) => recipe.name === name);
  if (found) return found.path;
  const names = all.map((recipe) => recipe.name);
  return fail('recipe', {
    where: name,
    what: 'is neither a file nor a recipe that ships with the package',
    expected: `a file or one of ${names.join(', ')}`,
    fix: `did you mean ${closest(name.toLowerCase(), names)}?`,
  });
}
