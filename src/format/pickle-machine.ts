// Pickle's stack machine, as far as state dicts need it. It is our own because general ones obey: they set attributes of
// lists, make object keys of tuples and spread what a memo has shared a million times. Here an instruction takes time in
// proportion to its bytes, and what it makes is inert.
// https://docs.python.org/3/library/pickletools.html, torch/_weights_only_unpickler.py

import { fail } from '../error/index.js';

/** What names and persistent ids of a pickle mean. @throws what they refuse */
export interface Meanings {
  /** @returns what `module.name` stands for */
  named(module: string, name: string): unknown;
  /** The result of calling what {@link named} gave. */
  called(callee: unknown, args: readonly unknown[]): unknown;
  persistent(id: unknown): unknown;
}

interface Machine extends Meanings {
  readonly input: Input;
  stack: unknown[];
  /** Stacks below open marks. */
  readonly below: unknown[][];
  readonly memo: Map<number, unknown>;
}

/** A sentence without its place, which {@link runPickle} knows. */
class Refusal extends Error {}
class CutOff extends Error {}

/**
 * Runs one pickle.
 *
 * @param bytes  the pickle first; more may follow
 * @returns its value and the byte after it
 * @throws format  naming the byte, when an instruction is unknown or makes no sense, or the end is missing
 */
export function runPickle(bytes: Uint8Array, meanings: Meanings, where: string): { value: unknown; end: number } {
  const input = inputOf(bytes);
  const machine: Machine = { ...meanings, input, stack: [], below: [], memo: new Map() };
  try {
    for (;;) {
      const opcode = input.byte();
      if (opcode === STOP) return { value: pop(machine), end: input.at() };
      const instruction = INSTRUCTIONS.get(opcode) ?? refuse(`an unexpected opcode: ${nameOf(opcode)}`);
      instruction(machine);
    }
  } catch (cause) {
    const at = `${where}, byte ${input.at()} of the pickle`;
    if (cause instanceof CutOff)
      return fail('format', { where: at, what: 'the pickle is cut off', fix: 'copy or download it again', cause });
    if (cause instanceof Refusal) return fail('format', { where: at, what: cause.message, cause });
    throw cause;
  }
}

const STOP = 0x2e;
const code = (letter: string) => letter.charCodeAt(0);

const INSTRUCTIONS: ReadonlyMap<number, (machine: Machine) => void> = new Map([
  [0x80, ({ input }) => void input.byte()], // the protocol's version
  [0x95, ({ input }) => void input.bytes(8)], // a frame
  [
    code('('),
    (m) => {
      m.below.push(m.stack);
      m.stack = [];
    },
  ],
  [code('0'), (m) => void pop(m)],
  // Memo
  [code('q'), (m) => m.memo.set(m.input.byte(), top(m))],
  [code('r'), (m) => m.memo.set(m.input.u32(), top(m))],
  [0x94, (m) => m.memo.set(m.memo.size, top(m))],
  [code('h'), (m) => push(m, recalled(m, m.input.byte()))],
  [code('j'), (m) => push(m, recalled(m, m.input.u32()))],
  // Values
  [code('N'), (m) => push(m, null)],
  [0x88, (m) => push(m, true)],
  [0x89, (m) => push(m, false)],
  [code('J'), (m) => push(m, m.input.u32() | 0)],
  [code('K'), (m) => push(m, m.input.byte())],
  [code('M'), (m) => push(m, m.input.byte() + 256 * m.input.byte())],
  [0x8a, (m) => push(m, long(m.input.bytes(m.input.byte())))],
  [code('G'), (m) => push(m, m.input.f64())],
  [code('X'), (m) => push(m, m.input.text(m.input.u32()))],
  [0x8c, (m) => push(m, m.input.text(m.input.byte()))],
  [code('T'), (m) => push(m, m.input.text(m.input.u32()))],
  [code('U'), (m) => push(m, m.input.text(m.input.byte()))],
  // Tuples and lists are arrays, dictionaries maps
  [code(')'), (m) => push(m, [])],
  [code(']'), (m) => push(m, [])],
  [code('}'), (m) => push(m, new Map())],
  [code('t'), (m) => push(m, marked(m))],
  [code('l'), (m) => push(m, marked(m))],
  [0x85, (m) => push(m, popped(m, 1))],
  [0x86, (m) => push(m, popped(m, 2))],
  [0x87, (m) => push(m, popped(m, 3))],
  [code('a'), (m) => append(m, popped(m, 1))],
  [code('e'), (m) => append(m, marked(m))],
  [code('s'), (m) => setItems(m, popped(m, 2))],
  [code('u'), (m) => setItems(m, marked(m))],
  // Names, calls, ids
  [code('c'), (m) => push(m, m.named(m.input.line(), m.input.line()))],
  [0x93, (m) => stackGlobal(m)],
  [code('R'), (m) => reduce(m)],
  [code('b'), (m) => build(m)],
  [code('Q'), (m) => push(m, m.persistent(pop(m)))],
  // Instances of classes are refused by the class's name, which says more than the opcode
  [
    code('i'),
    (m) => {
      m.named(m.input.line(), m.input.line());
      refuse('the pickle makes no sense: an instance of what is no class');
    },
  ],
] satisfies [number, (machine: Machine) => void][]);

const push = (m: Machine, value: unknown) => void m.stack.push(value);

function top({ stack }: Machine): unknown {
  return stack.length > 0 ? stack.at(-1) : refuse('the pickle makes no sense: nothing is on its stack');
}

function pop(m: Machine): unknown {
  const value = top(m);
  m.stack.pop();
  return value;
}

const popped = (m: Machine, count: number): unknown[] => {
  if (m.stack.length < count) refuse('the pickle makes no sense: too little is on its stack');
  return m.stack.splice(-count);
};

/** All above the last mark. */
function marked(m: Machine): unknown[] {
  const items = m.stack;
  m.stack = m.below.pop() ?? refuse('the pickle makes no sense: no mark is set');
  return items;
}

function recalled({ memo }: Machine, index: number): unknown {
  return memo.has(index) ? memo.get(index) : refuse(`the pickle makes no sense: nothing is remembered as ${index}`);
}

function append(m: Machine, items: readonly unknown[]): void {
  const list = top(m);
  if (!Array.isArray(list)) refuse('the pickle makes no sense: it appends to what is no list');
  for (const item of items) list.push(item);
}

function setItems(m: Machine, items: readonly unknown[]): void {
  const dictionary = top(m);
  if (!(dictionary instanceof Map) || items.length % 2 !== 0)
    refuse('the pickle makes no sense: it sets items of what is no dictionary');
  for (let i = 0; i < items.length; i += 2) dictionary.set(items[i], items[i + 1]);
}

function stackGlobal(m: Machine): void {
  const [module, name] = popped(m, 2);
  if (typeof module !== 'string' || typeof name !== 'string')
    refuse('the pickle makes no sense: a name that is no text');
  push(m, m.named(module, name));
}

function reduce(m: Machine): void {
  const [callee, args] = popped(m, 2);
  if (!Array.isArray(args)) refuse('the pickle makes no sense: arguments that are no tuple');
  push(m, m.called(callee, args));
}

/** Attributes, such as an OrderedDict's `_metadata`, are dropped. */
function build(m: Machine): void {
  popped(m, 1);
  if (!(top(m) instanceof Map)) refuse('the pickle makes no sense: it sets attributes of what is no dictionary');
}

/** Two's complement, little-endian, at most 255 bytes. */
function long(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (const byte of [...bytes].reverse()) value = value * 256n + BigInt(byte);
  const signed = BigInt.asIntN(8 * bytes.length, value);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

type Input = ReturnType<typeof inputOf>;

/** Reads forwards; nothing is read beyond the end. */
function inputOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8');
  let position = 0;
  const skip = (length: number): number => {
    if (position + length > bytes.length) throw new CutOff();
    position += length;
    return position - length;
  };
  const take = (length: number) => bytes.subarray(skip(length), position);
  return {
    at: () => position,
    byte: () => view.getUint8(skip(1)),
    u32: () => view.getUint32(skip(4), true),
    f64: () => view.getFloat64(skip(8)),
    bytes: take,
    text: (length: number) => decoder.decode(take(length)),
    line() {
      const end = bytes.indexOf(10, position);
      if (end < 0) throw new CutOff();
      const text = decoder.decode(take(end - position));
      position++;
      return text;
    },
  };
}

const nameOf = (opcode: number) => `got 0x${opcode.toString(16)} (${JSON.stringify(String.fromCharCode(opcode))})`;

function refuse(what: string): never {
  throw new Refusal(what);
}
