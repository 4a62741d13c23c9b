// Every key of a recipe as a flat list, for the documentation, --help and suggestions.

import { type Node, tree, typeText, variantName } from './tree.js';

export interface RecipeKey {
  /** Dotted, e.g. `optimiser.learningRate`. */
  readonly key: string;
  /** What it may hold, in words. */
  readonly type: string;
  /** Undefined where a value must be given. */
  readonly default: unknown;
  readonly description: string;
  /** Options of one method: its name. */
  readonly method?: string;
}

/** A group of keys: the top level (no name), a section, or the options of one method. */
export interface RecipeSection {
  readonly name: string;
  readonly description: string;
  readonly keys: readonly RecipeKey[];
}

/** All keys in the order of the schema, grouped as they are written. */
export function recipeSections(): readonly RecipeSection[] {
  const entries = Object.entries(tree.properties ?? {});
  const plain = entries.filter(([, node]) => !isSection(node));
  const top = { name: '', description: 'The run.', keys: plain.flatMap(([name, node]) => leaves(name, node)) };
  return [top, ...entries.filter(([, node]) => isSection(node)).flatMap(([name, node]) => sections(name, node))];
}

/** All keys in the order of the schema. */
export const recipeKeys = (): readonly RecipeKey[] => recipeSections().flatMap(({ keys }) => keys);

function sections(name: string, node: Node): RecipeSection[] {
  const { description = '' } = node;
  if (!node.oneOf) return [{ name, description, keys: children(name, node) }];
  const chosen = node.default as { readonly name: string };
  const choice = { key: `${name}.name`, type: typeText(node).replace(/^section with name /, ''), default: chosen.name };
  return [
    { name, description, keys: [{ ...choice, description: 'Which of the following.' }] },
    ...node.oneOf.map((variant) => variantSection(name, variant)),
  ];
}

function variantSection(name: string, variant: Node): RecipeSection {
  const method = variantName(variant);
  const { name: _, ...options } = variant.properties ?? {};
  const keys = children(name, { properties: options }).map((key) => ({ ...key, method }));
  return { name: `${name} ${method}`, description: variant.description ?? '', keys };
}

const children = (name: string, node: Node): RecipeKey[] =>
  Object.entries(node.properties ?? {}).flatMap(([child, below]) => leaves(`${name}.${child}`, below));

function leaves(key: string, node: Node): RecipeKey[] {
  if (isSection(node)) return children(key, node);
  return [{ key, type: typeText(node), default: node.default, description: node.description ?? '' }];
}

const isSection = (node: Node): boolean => node.properties !== undefined || node.oneOf !== undefined;

/** Whether a word is the key of a value, such as `train.epochs`. */
export const isKey = (word: string): boolean => recipeKeys().some(({ key }) => key === word);
