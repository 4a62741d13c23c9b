// A state dict as a file that torch.load(…, weights_only=True) reads: a zip archive of stored entries, the pickle first.
// Names that share an array share its numbers, as tied modules do in PyTorch.

import { elementCount, type NamedArray, type NamedArrays, type SafeDtype } from './array.js';
import { crc32 } from './checksum.js';

const STORAGES: Readonly<Record<SafeDtype, string>> = {
  ...{ F64: 'Double', F32: 'Float', F16: 'Half', BF16: 'BFloat16', I64: 'Long' },
  ...{ I32: 'Int', I16: 'Short', I8: 'Char', U8: 'Byte', BOOL: 'Bool' },
};

/**
 * The file of `{'model': {name: tensor}}`, piece by piece; one array is in memory at a time.
 * @param notes texts beside the model, by their keys
 */
export function* writeStateDict(
  arrays: NamedArrays,
  notes: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const keys = new Map<NamedArray, string>();
  for (const array of arrays.values()) if (!keys.has(array)) keys.set(array, String(keys.size));
  const entries: [string, () => Uint8Array][] = [
    ['data.pkl', () => pickle({ arrays, notes, keys })],
    ['byteorder', () => ascii('little')],
    ...[...keys].map(([array, key]): [string, () => Uint8Array] => [`data/${key}`, () => array.bytes]),
    ['version', () => ascii('3\n')],
  ];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, contentOf] of entries) {
    const content = contentOf();
    const fields = [...u32(crc32(content)), ...u32(content.length), ...u32(content.length)];
    const path = ascii(`archive/${name}`);
    const common = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, ...fields, ...u16(path.length), ...u16(0)];
    const local = Uint8Array.from([0x50, 0x4b, 3, 4, ...common, ...path]);
    directory.push(
      Uint8Array.from([0x50, 0x4b, 1, 2, 20, 0, ...common, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...u32(at), ...path]),
    );
    yield local;
    yield content;
    at += local.length + content.length;
  }
  yield* directory;
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = u16(entries.length);
  yield Uint8Array.from([0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...count, ...count, ...u32(size), ...u32(at), 0, 0]);
}

interface Contents {
  readonly arrays: NamedArrays;
  readonly notes: Readonly<Record<string, string>>;
  /** Of the storages. */
  readonly keys: ReadonlyMap<NamedArray, string>;
}

/** Protocol 2, without memoising. */
function pickle({ arrays, notes, keys }: Contents): Uint8Array {
  const parts = [ascii('\x80\x02}('), ...Object.entries(notes).flat().map(text), text('model'), ascii('}(')];
  for (const [name, array] of arrays) parts.push(text(name), tensor(array, keys.get(array) as string));
  parts.push(ascii('uu.'));
  return joined(parts);
}

function tensor({ dtype, shape }: NamedArray, key: string): Uint8Array {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const storage = [ascii(`(`), text('storage'), ascii(`ctorch\n${STORAGES[dtype]}Storage\n`), text(key), text('cpu')];
  return joined([
    ...[ascii('ctorch._utils\n_rebuild_tensor_v2\n('), ...storage, int(elementCount(shape)), ascii('tQK\x00')],
    ...[tuple(shape), tuple(strides), ascii('\x89ccollections\nOrderedDict\n)RtR')],
  ]);
}

const tuple = (sizes: readonly number[]): Uint8Array => joined([ascii('('), ...sizes.map(int), ascii('t')]);
const int = (value: number): Uint8Array => Uint8Array.from([0x4a, ...u32(value)]);

function text(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  return Uint8Array.from([0x58, ...u32(bytes.length), ...bytes]);
}

const ascii = (value: string): Uint8Array => Uint8Array.from(value, (c) => c.charCodeAt(0));
const u16 = (value: number): number[] => [value & 255, value >>> 8];
const u32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
