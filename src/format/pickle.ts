// The pickle inside a PyTorch checkpoint, read without trusting it. A pickle is a program whose instructions may call any
// Python function; here only the few names that a dictionary of tensors needs mean anything, and they mean functions of
// this file that build inert values. Any other name, and any opcode the parser does not know, is an error.
// https://docs.python.org/3/library/pickletools.html, torch/_utils.py

import { BufferReader, Parser } from 'pickleparser';
import { fail, UniAdapterError } from '../error/index.js';
import type { SafeDtype } from './array.js';

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
  const reader = new ForwardReader(bytes);
  const parser = new Parser({
    nameResolver: { resolve: (module, name) => known(module, name, where) },
    persistentResolver: {
      resolve(id: unknown) {
        const storage = storageOf(id, where);
        storages.set(storage.key, storage);
        return storage;
      },
    },
    unpicklingTypeOfDictionary: 'Map',
  });
  try {
    return { value: parser.read<Pickled>(reader), end: reader.position, storages };
  } catch (cause) {
    if (cause instanceof UniAdapterError) throw cause;
    return refuse(cause, reader.position, where);
  }
}

/** Lengths in a pickle are signed; a negative one would send the reader back to read the same for ever. */
class ForwardReader extends BufferReader {
  override skip(bytes: number): void {
    if (bytes < 0) throw new Error('a length below zero');
    super.skip(bytes);
  }
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

type Builder = (...args: never[]) => unknown;

/** What the names of a state dict mean. @throws format for every other name */
function known(module: string, name: string, where: string): Builder {
  const builders: Readonly<Record<string, Builder>> = {
    'collections.OrderedDict': (items: [unknown, Pickled][] = []) => new Map(items),
    'torch._utils._rebuild_tensor': (...args: unknown[]) => tensorOf(args, where),
    'torch._utils._rebuild_tensor_v2': (...args: unknown[]) => tensorOf(args, where),
    'torch._utils._rebuild_parameter': (data: unknown) => data,
    'torch.Size': (sizes: unknown) => sizes,
  };
  const builder = builders[`${module}.${name}`];
  if (builder) return Object.freeze(builder); // frozen: a pickle may set attributes of what it names
  const dtype = module === 'torch' && Object.hasOwn(DTYPES, name) ? DTYPES[name] : undefined;
  if (dtype) return Object.freeze(new StorageType(dtype)) as unknown as Builder; // the parser puts it on its stack
  return fail('format', {
    where,
    what: `the pickle asks for ${JSON.stringify(`${module}.${name}`)}, which is not a part of a state dict`,
    expected: 'tensors in dictionaries and lists; nothing of a pickle is ever executed',
    fix: 'save the state dict alone: torch.save(model.state_dict(), …)',
  });
}

function tensorOf([storage, offset, shape, strides]: readonly unknown[], where: string): TorchTensor {
  const sizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);
  if (!isStorage(storage) || !isCount(offset) || !sizes(shape) || !sizes(strides) || shape.length !== strides.length)
    return fail('format', { where, what: 'the pickle describes a tensor that cannot be', got: String(shape) });
  return new TorchTensor(storage, offset, shape, strides);
}

/** `('storage', type, key, location, elements)`; legacy files have a view as a sixth, which none of today uses. */
function storageOf(id: unknown, where: string): TorchStorage {
  const [tag, type, key, , elements, view = null] = Array.isArray(id) ? id : [];
  if (tag !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string' || !isCount(elements) || view)
    return fail('format', { where, what: 'the pickle refers to something other than a storage', got: String(id) });
  return { dtype: type.dtype, key, elements };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isStorage = (value: unknown): value is TorchStorage =>
  typeof value === 'object' && value !== null && 'dtype' in value && 'key' in value && 'elements' in value;

function refuse(cause: unknown, at: number, where: string): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  const opcode = /opcode '(\d+)'/.exec(message)?.[1];
  const name = opcode && `0x${Number(opcode).toString(16)} (${JSON.stringify(String.fromCharCode(Number(opcode)))})`;
  const isCutOff = /end of file|end of line/i.test(message);
  return fail('format', {
    where: `${where}, byte ${at} of the pickle`,
    what: name ? 'an unexpected opcode' : isCutOff ? 'the pickle is cut off' : 'the pickle makes no sense',
    got: name ?? message,
    ...(isCutOff && { fix: 'copy or download it again' }),
    cause,
  });
}
