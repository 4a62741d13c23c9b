// PyTorch's two file formats. Since 1.6 a zip archive whose entries are stored: the pickle, and one entry a storage. Before,
// pickles one after the other, then the storages. Only pickles are read here; tensors are located.
// https://github.com/pytorch/pytorch/blob/main/torch/serialization.py

import { buffer } from 'node:stream/consumers';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { fail, UniAdapterError } from '../../error/index.js';
import { elementBytes, type FindStorage, readPickle, readStateDict, type StateDict } from '../../format/index.js';
import { readInto, readStart, withFile } from './bytes.js';

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

async function findInZip(path: string): Promise<StateDict> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((cause: Error) =>
    fail('format', {
      where: path,
      what: 'the zip archive is damaged or cut off',
      got: cause.message,
      fix: 'copy or download it again',
      cause,
    }),
  );
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    return await readEntries(path, zip, entries);
  } catch (cause) {
    if (cause instanceof UniAdapterError || !(cause instanceof Error)) throw cause;
    return fail('format', { where: path, what: 'the zip archive is damaged', got: cause.message, cause });
  } finally {
    zip.close();
  }
}

async function readEntries(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>): Promise<StateDict> {
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  const folder = pickle?.slice(0, -'data.pkl'.length);
  if (!pickle || entries.has(`${folder}constants.pkl`))
    return fail('format', {
      where: path,
      what: pickle ? 'this is a TorchScript program, not a state dict' : 'the archive holds no data.pkl',
      got: [...entries.keys()].slice(0, 5).join(', '),
      expected: 'a file written by torch.save',
    });
  const read = async (name: string) => buffer(await zip.openReadStreamPromise(entries.get(name) as Entry));
  const order = `${folder}byteorder`;
  if (entries.has(order) && (await read(order)).toString() !== 'little') refuseBigEndian(path);
  const starts = new Map<string, number>();
  for (const [name, entry] of entries)
    if (name.startsWith(`${folder}data/`)) {
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      starts.set(name, fileDataStart);
    }
  const find: FindStorage = ({ key, elements, dtype }) => {
    const name = `${folder}data/${key}`;
    const [entry, start] = [entries.get(name), starts.get(name)];
    const bytes = elements * elementBytes[dtype];
    if (entry && start !== undefined && entry.compressionMethod === 0 && entry.uncompressedSize >= bytes)
      return { file: path, start };
    return fail('format', {
      where: path,
      what: `the archive has no numbers for ${JSON.stringify(key)}`,
      got: entry ? `${entry.uncompressedSize} bytes${entry.compressionMethod ? ', compressed' : ''}` : 'no entry',
      expected: `${bytes} bytes, stored`,
    });
  };
  return readStateDict(readPickle(await read(pickle), path).value, find, path);
}

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
      const storage = storages.get(key) ?? fail('format', { where: path, what: 'the list of storages is damaged' });
      starts.set(key, { start: at + 8, elements });
      at += 8 + elements * elementBytes[storage.dtype];
      if (at > size) refuseCutOff(path, at - size);
    }
    const find: FindStorage = ({ key, elements }) => {
      const found = starts.get(key);
      if (found && found.elements >= elements) return { file: path, start: found.start };
      return fail('format', { where: path, what: `there are no numbers for ${JSON.stringify(key)}` });
    };
    return readStateDict(value, find, path);
  });
}

/** The pickles before the storages; how long they are is known when they are read. */
async function readHead(path: string, size: number, read: (length: number) => Promise<Uint8Array>) {
  for (let length = Math.min(size, FIRST_READ); ; length = Math.min(size, 2 * length)) {
    try {
      return parseHead(await read(length), path);
    } catch (error) {
      if (length === size || !(error instanceof UniAdapterError && error.problem.what.includes('cut off'))) throw error;
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
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string'))
    return fail('format', { where: path, what: 'the list of storages is damaged' });
  return { value, storages, keys, end: at };
}

const refuseBigEndian = (path: string): never =>
  fail('format', { where: path, what: 'was written by a big-endian machine', fix: 'save it again on another one' });

const refuseCutOff = (path: string, missing: number): never =>
  fail('format', {
    where: path,
    what: `the file is cut off: ${missing} bytes are missing`,
    fix: 'copy or download it again',
  });
