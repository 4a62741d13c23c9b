// Dotted overrides, `optimiser.learningRate=1e-3`: what flags and arguments of the command line become.

import { fail } from '../error/index.js';
import { shown } from '../json/index.js';
import { isSection } from './tree.js';
import { parseYaml } from './yaml.js';

/**
 * A recipe with some keys set; it is checked afterwards, by `parseRecipe`.
 * Choosing another method drops the options of the one before, which would not fit it.
 *
 * @param recipe       unchecked, as read from a file; not changed
 * @param assignments  `key=value`, values in YAML: `1e-3`, `true`, `null`, `[text, cross]`; later ones win
 * @throws `recipe` if an assignment has no `=`, is no YAML, or goes through a key that is not a section
 * @example
 * override({ train: { epochs: 6 } }, ['train.batch=8', 'method.name=lora'])
 */
export function override(recipe: unknown, assignments: readonly string[]): unknown {
  return assignments.reduce(assign, recipe ?? {});
}

function assign(recipe: unknown, assignment: string): unknown {
  const [, key, text] = /^([^=\s]+)=(.*)$/s.exec(assignment) ?? [];
  if (key === undefined || text === undefined)
    fail('recipe', { where: assignment, what: 'is not an override', expected: 'key=value, such as train.epochs=6' });
  const value = yamlValue(text, assignment);
  return set(key === 'method.name' ? withMethod(recipe, value) : recipe, key.split('.'), value, assignment);
}

function set(value: unknown, path: readonly string[], to: unknown, assignment: string): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return to;
  if (!isSection(value))
    fail('recipe', { where: assignment, what: `there is no section to put ${path.join('.')} into`, got: shown(value) });
  return { ...value, [head]: set(Object.hasOwn(value, head) ? (value[head] ?? {}) : {}, rest, to, assignment) };
}

function withMethod(recipe: unknown, name: unknown): unknown {
  if (!isSection(recipe) || !isSection(recipe.method) || recipe.method.name === name) return recipe;
  return { ...recipe, method: {} };
}

function yamlValue(text: string, where: string): unknown {
  try {
    return parseYaml(text);
  } catch (cause) {
    const { message } = cause as Error;
    return fail('recipe', { where, what: `its value is not YAML (${message})`, fix: 'quote it', cause });
  }
}
