// The schema as a plain tree (JSON Schema), in which a key can be looked up by path and put into words.

import { z } from 'zod';
import { fail } from '../error/index.js';
import { recipeSchema } from './schema.js';

/** The part of JSON Schema that recipes use. */
export interface Node {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  /** Variants of a section, told apart by `name`. */
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
}

export type Path = readonly (string | number)[];

export const tree = z.toJSONSchema(recipeSchema, { io: 'input' }) as Node;

/** The node at a path; between variants the given recipe's `name` decides, and without one the default. */
export function nodeAt(path: Path, recipe: unknown, node: Node = tree): Node | undefined {
  const section = variantOf(node, recipe);
  const [head, ...rest] = path;
  if (head === undefined) return section;
  const next = typeof head === 'number' ? section.items : memberOf(section.properties, head);
  return next && nodeAt(rest, member(recipe, head), next);
}

const memberOf = (properties: Node['properties'], name: string): Node | undefined =>
  properties && Object.hasOwn(properties, name) ? properties[name] : undefined;

/** The value at a path of an unchecked recipe. */
export const valueAt = (path: Path, recipe: unknown): unknown => path.reduce(member, recipe);

/** The name by which one variant of a section is chosen. */
export const variantName = (node: Node): string => `${node.properties?.name?.const}`;

export const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a key may hold, in words: `whole number from 1`, `in, out or none`. */
export function typeText(node: Node): string {
  const variants = node.oneOf ?? node.anyOf;
  if (node.oneOf) return `section with name ${or(node.oneOf.map(variantName))}`;
  if (variants) return or(variants.map((variant) => typeText(variant)));
  if (node.const !== undefined) return `${node.const}`;
  if (node.enum) return or(node.enum.map(String));
  if (Array.isArray(node.type)) return or(node.type.map((type: string) => typeText({ ...node, type })));
  if (node.type === 'object') return `section with ${Object.keys(node.properties ?? {}).join(', ')}`;
  if (node.type === 'array') return `list of ${atMost(node.maxItems)}${typeText(node.items ?? {})}`;
  if (node.type === 'boolean') return 'true or false';
  if (node.type === 'null') return 'null';
  if (node.type === 'string') return node.maxLength ? `text of ${atMost(node.maxLength)}characters` : 'text';
  if (node.type !== 'integer' && node.type !== 'number')
    fail('internal', { where: 'recipe', what: 'a type without a word' });
  return `${node.type === 'integer' ? 'whole number' : 'number'}${rangeText(node)}`;
}

const atMost = (most: number | undefined): string => (most === undefined ? '' : `at most ${most} `);

function rangeText({ minimum, maximum = Infinity, exclusiveMinimum, exclusiveMaximum }: Node): string {
  const from = minimum !== undefined ? ` from ${minimum}` : '';
  const above = exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : '';
  const to = maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : '';
  const below = exclusiveMaximum !== undefined ? ` to below ${exclusiveMaximum}` : '';
  return from + above + to + below;
}

function variantOf(node: Node, recipe: unknown): Node {
  if (!node.oneOf) return node;
  const name = member(recipe === undefined ? node.default : recipe, 'name');
  const unknown = { ...node, properties: { name: { enum: node.oneOf.map(variantName) } } };
  return node.oneOf.find((variant) => variantName(variant) === name) ?? unknown;
}

function member(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

function or(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
