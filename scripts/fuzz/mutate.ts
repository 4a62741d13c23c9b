// Files that are nearly what they claim to be: valid ones, changed in a few places. All of it is a function of the draws.

import type { Stream } from '../../src/random/index.js';

/** Names that mean something to the language, to the formats or to a terminal. */
const WORDS = ['__proto__', 'constructor', 'toString', 'length', 'then', 'toJSON', '', '\u0000', '\u001b[2J', '\ud800'];
const NUMBERS = [-1, 0, 1, 0.5, 255, 2 ** 31, 2 ** 32, 2 ** 53, 1e9, 1e308, -1e308];

/** Another file made of `bytes`, one in three by changing its tree if it has one. @param others  to take parts of */
export function mutated(draws: Stream, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const changes = 1 + draws.below(3);
  let result = bytes;
  for (let i = 0; i < changes; i++)
    result = (draws.below(3) > 0 && treeChange(draws, result)) || byteChange(draws, result, others);
  return result;
}

/** JSON, lines of JSON, or a safetensors file, whose header is JSON, with a node replaced; null of other files. */
function treeChange(draws: Stream, bytes: Uint8Array): Uint8Array | null {
  const first = bytes[0];
  if (bytes[8] === 0x7b && bytes[7] === 0) return headerChange(draws, bytes);
  if (first !== 0x7b && first !== 0x5b) return null;
  const lines = Buffer.from(bytes).toString().split('\n{');
  const at = draws.below(lines.length);
  const line = `${at > 0 ? '{' : ''}${lines[at]}`;
  const changed = jsonChange(draws, line);
  if (changed === null) return null;
  return Buffer.from(lines.map((text, i) => (i === at ? changed : `${i > 0 ? '{' : ''}${text}`)).join('\n'));
}

function headerChange(draws: Stream, bytes: Uint8Array): Uint8Array | null {
  const length = Number(Buffer.from(bytes.subarray(0, 8)).readBigUInt64LE());
  const header = jsonChange(draws, Buffer.from(bytes.subarray(8, 8 + length)).toString());
  if (header === null) return null;
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  return Buffer.concat([size, Buffer.from(header), bytes.subarray(8 + length)]);
}

function jsonChange(draws: Stream, text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const nodes = nodesOf(value);
    if (nodes.length === 0) return JSON.stringify(hostile(draws, value));
    const { parent, key } = draws.pick(nodes);
    const node = parent[key];
    if (draws.below(6) === 0) delete parent[key];
    else if (draws.below(4) === 0) define(parent, draws.pick(WORDS), draws.pick(nodes).parent[key] ?? node);
    else define(parent, key, hostile(draws, draws.pick([node, value])));
    return deep(draws, JSON.stringify(value));
  } catch {
    return null;
  }
}

interface Node {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

function nodesOf(value: unknown): readonly Node[] {
  const nodes: Node[] = [];
  const objects = [value].filter(isObject);
  for (const parent of objects)
    for (const key of Object.keys(parent)) {
      nodes.push({ parent, key });
      objects.push(...[parent[key]].filter(isObject));
    }
  return nodes;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** An own property even of names that are special. */
const define = (object: object, key: string, value: unknown) =>
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });

function hostile(draws: Stream, node: unknown): unknown {
  const copy: unknown = structuredClone(node);
  const makers: (() => unknown)[] = [
    () => null,
    () => true,
    () => draws.pick(NUMBERS),
    () => draws.pick(WORDS),
    () => 'x'.repeat(draws.pick([1000, 100_000])),
    () => [],
    () => ({}),
    () => ({ toString: 1, valueOf: 1, [draws.pick(WORDS)]: copy }),
    () => ({ length: [{ toString: 1, valueOf: 1 }], value: copy }),
    () => [copy, copy],
    () => Array.from({ length: 200 }, () => copy).slice(0, JSON.stringify(copy).length > 1000 ? 2 : 200),
    () => '\u0001deep',
    () => (typeof copy === 'string' ? copy.toUpperCase() : typeof copy === 'number' ? copy + 1 : [copy]),
  ];
  return draws.pick(makers)();
}

/** What JSON.stringify cannot write itself. */
const deep = (draws: Stream, text: string): string =>
  text.replaceAll(JSON.stringify('\u0001deep'), () => {
    const levels = draws.pick([50, 150, 20_000]);
    return draws.below(2) > 0
      ? `${'['.repeat(levels)}${']'.repeat(levels)}`
      : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  });

function byteChange(draws: Stream, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const buffer = Buffer.from(bytes);
  const at = draws.below(buffer.length + 1);
  const length = Math.min(buffer.length - at, draws.pick([1, 2, 4, 8, 64, 1000]));
  const [before, part, after] = [
    buffer.subarray(0, at),
    buffer.subarray(at, at + length),
    buffer.subarray(at + length),
  ];
  const changes: (() => Uint8Array)[] = [
    () => Buffer.concat([before, noise(draws, length), after]),
    () => before,
    () => Buffer.concat([before, after]),
    () => Buffer.concat([before, part, part, after]),
    () => Buffer.concat([before, Buffer.from(draws.pick(WORDS)), after]),
    () => Buffer.concat([before, extreme(draws, length), after]),
    () => Buffer.concat([before, flipped(draws, part), after]),
    () => Buffer.concat([before, Buffer.from(draws.pick(others)).subarray(at)]),
  ];
  return draws.pick(changes)();
}

const noise = (draws: Stream, length: number) => Buffer.from(Array.from({ length }, () => draws.below(256)));

function flipped(draws: Stream, part: Uint8Array): Uint8Array {
  const result = Buffer.from(part);
  if (result.length > 0) result[0] = (result[0] as number) ^ (1 << draws.below(8));
  return result;
}

/** Numbers that lengths and offsets should not be. */
const extreme = (draws: Stream, length: number) => Buffer.alloc(length, draws.pick([0x00, 0xff, 0x7f, 0x80]));
