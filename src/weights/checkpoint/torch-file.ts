// PyTorch's two file formats. Since 1.6 a zip archive whose entries are stored: the pickle, and one entry a storage. Before,
// pickles one after the other, then the storages. Only pickles are read here; tensors are located.
// https://github.com/pytorch/pytorch/blob/main/torch/serialization.py

import { fail, UniAdapterError } from '../../error/index.js';
import {
  describePickled,
  elementBytes,
  type FindStorage,
  readPickle,
  readStateDict,
  type StateDict,
} from '../../format/index.js';
import { readInto, readStart, withFile } from '../tensors/bytes.js';
import { checkEntries, readEntry, readZip, type StoredEntry } from './zip.js';

/**
 * Finds the tensors of a checkpoint written by torch.save.
 *
 * @throws format  when it is none, is cut off, or asks for anything but a state dict
 */
export async function findTorch(path: string): Promise<StateDict> {
  const start = await readStart(path, legacyStart.length);
  if (start[0] === 0x50 && start[1] === 0x4b) return findInZip(path);
  if (legacyStart.every((byte, i) => byte === start[i])) return findInLegacy(path);
  return fail('format', {
    where: path,
    what: 'this is not a PyTorch checkpoint',
    got: `a file that begins with ${[...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`,
    expected: 'a file written by torch.save',
  });
}

/** What a pickle takes at most; those of the largest BLIP are a tenth of it. In memory it may become fifty times as large. */
const PICKLE_BYTES = 2 ** 22;

function findInZip(path: string): Promise<StateDict> {
  return withFile(path, async (file, size) => {
    const entries = await readZip(file, size, path);
    const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
    const folder = pickle?.slice(0, -'data.pkl'.length);
    if (!pickle || entries.has(`${folder}constants.pkl`))
      return fail('format', {
        where: path,
        what: pickle ? 'this is a TorchScript program, not a state dict' : 'the archive holds no data.pkl',
        got: [...entries.keys()].slice(0, 5).join(', '),
        expected: 'a file written by torch.save',
      });
    const read = (name: string, mostBytes: number) =>
      readEntry(file, { name, entry: entries.get(name) as StoredEntry, mostBytes }, path);
    const order = `${folder}byteorder`;
    if (entries.has(order) && Buffer.from(await read(order, 16)).toString() !== 'little') refuseBigEndian(path);
    const state = readStateDict(
      readPickle(await read(pickle, PICKLE_BYTES), path).value,
      findIn(entries, folder, path),
      path,
    );
    await checkEntries(
      file,
      [...entries].filter(([name]) => name.startsWith(`${folder}data/`)),
      path,
    );
    return state;
  });
}

const findIn =
  (entries: ReadonlyMap<string, StoredEntry>, folder: string | undefined, path: string): FindStorage =>
  ({ key, elements, dtype }) => {
    const entry = entries.get(`${folder}data/${key}`);
    const bytes = elements * elementBytes[dtype];
    if (entry?.isStored && entry.bytes >= bytes) return { file: path, start: entry.start };
    return fail('format', {
      where: path,
      what: `the archive has no numbers for ${describePickled(key)}`,
      got: entry ? `${entry.bytes} bytes${entry.isStored ? '' : ', compressed'}` : 'no entry',
      expected: `${bytes} bytes, stored`,
    });
  };

/** The pickle of PyTorch's magic number, 0x1950a86a20f9469cfc6c. */
const legacyStart = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
const FIRST_READ = 2 ** 20;

async function findInLegacy(path: string): Promise<StateDict> {
  return withFile(path, async (file, size) => {
    const read = async (start: number, length: number) => {
      const bytes = new Uint8Array(length);
      await readInto(file, bytes, start, path);
      return bytes;
    };
    const { value, storages, keys, end } = await readHead(path, size, (length) => read(0, length));
    // Storages follow in the order of their keys, each after its length; how wide its numbers are, the pickle says.
    const starts = new Map<string, { readonly start: number; readonly elements: number }>();
    let at = end;
    for (const key of keys) {
      const length = await read(at, 8);
      const elements = Number(new DataView(length.buffer).getBigInt64(0, true));
      const storage = storages.get(key);
      if (!storage || starts.has(key) || elements < 0) return refuseList(path);
      starts.set(key, { start: at + 8, elements });
      at += 8 + elements * elementBytes[storage.dtype];
      if (at > size) refuseCutOff(path, at - size);
    }
    const find: FindStorage = ({ key, elements }) => {
      const found = starts.get(key);
      if (found && found.elements >= elements) return { file: path, start: found.start };
      return fail('format', { where: path, what: `there are no numbers for ${describePickled(key)}` });
    };
    return readStateDict(value, find, path);
  });
}

/** The pickles before the storages; how long they are is known when they are read. */
async function readHead(path: string, size: number, read: (length: number) => Promise<Uint8Array>) {
  const most = Math.min(size, PICKLE_BYTES);
  for (let length = Math.min(most, FIRST_READ); ; length = Math.min(most, 2 * length)) {
    try {
      return parseHead(await read(length), path);
    } catch (error) {
      if (length === most || !(error instanceof UniAdapterError && error.problem.what.includes('cut off'))) throw error;
    }
  }
}

function parseHead(bytes: Uint8Array, path: string) {
  let at = legacyStart.length;
  const next = () => {
    const read = readPickle(bytes.subarray(at), path);
    at += read.end;
    return read;
  };
  next(); // the protocol's version
  const { value: system } = next();
  if (system instanceof Map && system.get('little_endian') === false) refuseBigEndian(path);
  const { value, storages } = next();
  const { value: keys } = next();
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) return refuseList(path);
  return { value, storages, keys, end: at };
}

const refuseBigEndian = (path: string): never =>
  fail('format', { where: path, what: 'was written by a big-endian machine', fix: 'save it again on another one' });

const refuseList = (path: string): never =>
  fail('format', { where: path, what: 'the list of storages is damaged', fix: 'copy or download it again' });

const refuseCutOff = (path: string, missing: number): never =>
  fail('format', {
    where: path,
    what: `the file is cut off: ${missing} bytes are missing`,
    fix: 'copy or download it again',
  });
