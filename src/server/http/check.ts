// Unchecked parts of a request → what a schema promises, or one error that names everything that is wrong with it.

import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { shortened, TOLD } from '../../error/index.js';
import { safeParse } from '../../json/index.js';
import { refuse } from './problem.js';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

interface Wrong {
  readonly where: string;
  readonly what: string;
  readonly got?: string;
  readonly expected?: string;
  readonly fix?: string;
}

/** Part of a request, and how places in it are called. */
export interface Part {
  readonly name: string;
  readonly place: (path: Path) => string;
}

export const BODY: Part = { name: 'the body', place: (path) => path.map(String).join('.') || 'the body' };
export const QUERY: Part = { name: 'the query', place: (path) => `?${path.map(String).join('.')}` };
export const ADDRESS: Part = { name: 'the address', place: (path) => `{${path.map(String).join('.')}}` };

/** @throws 422 `data` naming every unknown key with the nearest valid one, and every wrong value with what was expected */
export function checked<T>(schema: z.ZodType<T>, given: unknown, part: Part): T {
  const result = safeParse(schema, given);
  if (result.success) return result.data;
  const wrong = first(TOLD + 1, wrongsOf(result.error.issues, { schema, given, part, base: [] }));
  const [only] = wrong;
  if (only && wrong.length === 1) refuse({ status: 422, code: 'data' }, only);
  // a body may be nothing but problems: those beyond are not even looked for
  const count = wrong.length > TOLD ? `more than ${TOLD}` : wrong.length;
  const lines = wrong.slice(0, TOLD).map(line).join('\n');
  refuse({ status: 422, code: 'data' }, { where: part.name, what: `${count} problems\n${lines}` });
}

function first<T>(count: number, items: Iterable<T>): T[] {
  const list: T[] = [];
  for (const item of items) if (list.push(item) === count) break;
  return list;
}

interface Checking {
  readonly schema: z.ZodType;
  readonly given: unknown;
  readonly part: Part;
  /** Path of the union that is looked into. */
  readonly base: Path;
}

function* wrongsOf(issues: readonly Issue[], checking: Checking): Generator<Wrong> {
  for (const issue of issues) {
    const path = [...checking.base, ...issue.path];
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) yield unknownKey(path, key, checking);
    else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const likeliest = issue.errors.reduce((a, b) => (cost(b) < cost(a) ? b : a));
      yield* wrongsOf(likeliest, { ...checking, base: path });
    } else yield wrongValue(issue, path, checking);
  }
}

function wrongValue(issue: Issue, path: Path, { part, given }: Checking): Wrong {
  const where = part.place(path);
  const value = path.reduce(member, given);
  const expected = expectedOf(issue);
  if (value === undefined) return { where, what: 'is missing', ...(expected && { expected }) };
  if (expected === undefined) return { where, what: issue.message };
  return { where, what: 'is not usable', got: show(value), expected };
}

/** How little of one variant of a union was meant: unknown keys speak against it most. */
const cost = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 2 * issue.keys.length : 1), 0);

/** What was expected, in words; undefined where the schema has its own. */
function expectedOf(issue: Issue): string | undefined {
  const own = /^expected (.*)$/.exec(issue.message)?.[1];
  if (own) return own;
  if (!/^(Invalid|Too) /.test(issue.message)) return undefined;
  if (issue.code === 'invalid_type') return WORDS[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return or(issue.values.map(String));
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return 'a time such as 2026-01-31T12:00:00Z';
  return undefined;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '');

function unknownKey(path: Path, key: string, { schema, part }: Checking): Wrong {
  const where = part.place([...path, shortened(key)]);
  const known = keysAt(schema, path);
  const far = (other: string) => distance(other, shortened(key));
  const near = known.reduce((a, b) => (far(b) < far(a) ? b : a), known[0] ?? '');
  return { where, what: 'is not a key of it', ...(near && { fix: `did you mean ${part.place([...path, near])}?` }) };
}

/** The part of JSON Schema that tells keys. */
interface Node {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Of schemas that were asked about, since describing one takes longer than all else of an answer. */
const described = new WeakMap<z.ZodType, Node>();

/** Keys that an object at a path may have, of all variants of unions. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  const root = described.get(schema) ?? (z.toJSONSchema(schema, { io: 'input' }) as Node);
  described.set(schema, root);
  const variants = (node: Node): Node[] => {
    if (node.$ref) return variants(root.$defs?.[node.$ref.slice('#/$defs/'.length)] ?? {});
    return [node, ...(node.anyOf ?? []).flatMap(variants)];
  };
  const step = (nodes: Node[], key: PropertyKey): Node[] =>
    nodes
      .flatMap(({ items, properties }) => (typeof key === 'number' ? items : properties?.[String(key)]) ?? [])
      .flatMap(variants);
  return path.reduce(step, variants(root)).flatMap(({ properties = {} }) => Object.keys(properties));
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

function line({ where, what, got, expected, fix }: Wrong): string {
  const details = [got && `got ${got}`, expected && `expected ${expected}`, fix].filter(Boolean).join(', ');
  return `  ${where}: ${what}${details && `: ${details}`}`;
}

const show = (value: unknown): string => shortened(typeof value === 'string' ? `'${value}'` : JSON.stringify(value));

function or(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
