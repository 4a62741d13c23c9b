// The pickle inside a PyTorch checkpoint, read without trusting it. A pickle is a program whose instructions may call any
// Python function; here only the few names that a dictionary of tensors needs mean anything, and they mean functions of
// this file that build inert values. Any other name, and any opcode that a state dict does not need, is an error.
// https://docs.python.org/3/library/pickletools.html, torch/_utils.py

import { fail } from '../error/index.js';
import type { SafeDtype } from './array.js';
import { type Meanings, runPickle } from './pickle-machine.js';

/** Numbers that tensors are views of. */
export interface TorchStorage {
  readonly dtype: SafeDtype;
  /** Its name in the file. */
  readonly key: string;
  /** How many numbers it has. */
  readonly elements: number;
}

/** A tensor as the pickle describes it. */
export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    /** Its first element in the storage. */
    readonly offset: number,
    readonly shape: readonly number[],
    /** Elements from one index to the next along each axis. */
    readonly strides: readonly number[],
  ) {}
}

/** What a pickle holds: dictionaries are maps; lists and tuples arrays. */
export type Pickled = Map<unknown, Pickled> | Pickled[] | TorchTensor | string | number | bigint | boolean | null;

export interface Unpickled {
  readonly value: Pickled;
  /** The byte after the pickle. */
  readonly end: number;
  /** By their keys. */
  readonly storages: ReadonlyMap<string, TorchStorage>;
}

/**
 * Reads one pickle.
 *
 * @param bytes  the pickle first; more may follow
 * @returns its value, the byte after it, and every storage it mentions
 * @throws format  naming a function or class that is not of a state dict, an unknown opcode, or the end that is missing
 */
export function readPickle(bytes: Uint8Array, where: string): Unpickled {
  const storages = new Map<string, TorchStorage>();
  let room = bytes.length;
  const afford = (items: number) => {
    room -= items;
    return room >= 0;
  };
  const meanings: Meanings = {
    named: (module, name) => known(module, name, where),
    called: (callee, args) => (isBuilder(callee) ? callee(args, afford) : refuseArguments('a call', where)),
    persistent(id) {
      const storage = storageOf(id, where);
      storages.set(storage.key, storage);
      return storage;
    },
  };
  const { value, end } = runPickle(bytes, meanings, where);
  return { value: value as Pickled, end, storages };
}

const DTYPES: Readonly<Record<string, SafeDtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** Stands for a storage class, and cannot be called. */
class StorageType {
  constructor(readonly dtype: SafeDtype) {}
}

/** @param afford  whether so many items may be copied: all copies together hold no more than the pickle has bytes */
type Builder = (args: readonly unknown[], afford: (items: number) => boolean) => unknown;

const isBuilder = (value: unknown): value is Builder => typeof value === 'function';

/** What the names of a state dict mean. @throws format for every other name */
function known(module: string, name: string, where: string): Builder | StorageType {
  const builders: ReadonlyMap<string, Builder> = new Map<string, Builder>([
    ['collections.OrderedDict', ([items = []], afford) => dictionaryOf(items, afford, where)],
    ['torch._utils._rebuild_tensor', (args) => tensorOf(args, where)],
    ['torch._utils._rebuild_tensor_v2', (args) => tensorOf(args, where)],
    ['torch._utils._rebuild_parameter', ([data]) => data],
    ['torch.Size', ([sizes]) => sizes],
  ]);
  const builder = builders.get(`${module}.${name}`);
  if (builder) return builder;
  const dtype = module === 'torch' && Object.hasOwn(DTYPES, name) ? DTYPES[name] : undefined;
  if (dtype) return new StorageType(dtype);
  return fail('format', {
    where,
    what: `the pickle asks for ${textOf(`${module}.${name}`)}, which is not a part of a state dict`,
    expected: 'tensors in dictionaries and lists; nothing of a pickle is ever executed',
    fix: 'save the state dict alone: torch.save(model.state_dict(), …)',
  });
}

/** Of pairs, as Python 2 wrote it. */
function dictionaryOf(items: unknown, afford: (items: number) => boolean, where: string): Map<unknown, unknown> {
  const isPair = (item: unknown): item is [unknown, unknown] => Array.isArray(item) && item.length === 2;
  if (!Array.isArray(items) || !afford(items.length) || !items.every(isPair))
    return refuseArguments('an OrderedDict', where);
  return new Map(items);
}

const refuseArguments = (of: string, where: string): never =>
  fail('format', { where, what: `the pickle makes no sense: ${of} with arguments that cannot be` });

/** PyTorch's own limit. */
const MOST_AXES = 64;

function tensorOf([storage, offset, shape, strides]: readonly unknown[], where: string): TorchTensor {
  const sizes = (value: unknown): value is number[] =>
    Array.isArray(value) && value.length <= MOST_AXES && value.every(isCount);
  if (!isStorage(storage) || !isCount(offset) || !sizes(shape) || !sizes(strides) || shape.length !== strides.length)
    return fail('format', { where, what: 'the pickle describes a tensor that cannot be', got: describePickled(shape) });
  return new TorchTensor(storage, offset, shape, strides);
}

/** `('storage', type, key, location, elements)`; legacy files have a view as a sixth, which none of today uses. */
function storageOf(id: unknown, where: string): TorchStorage {
  const [tag, type, key, , elements, view = null] = Array.isArray(id) ? id : [];
  if (tag !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string' || !isCount(elements) || view)
    return fail('format', {
      where,
      what: 'the pickle refers to something other than a storage',
      got: describePickled(id),
    });
  return { dtype: type.dtype, key, elements };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isStorage = (value: unknown): value is TorchStorage =>
  typeof value === 'object' && value !== null && 'dtype' in value && 'key' in value && 'elements' in value;

/** A value of a pickle for messages; never its insides, of which a memo can make endlessly many from a kilobyte. */
export function describePickled(value: unknown): string {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dictionary of ${value.size}`;
  if (value instanceof TorchTensor) return 'a tensor';
  if (isStorage(value)) return 'a storage';
  return typeof value === 'object' && value !== null ? 'a type' : `${value}`;
}

const LONGEST = 100;

const textOf = (text: string): string => JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
