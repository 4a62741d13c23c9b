// The entries of a zip archive whose contents are stored as they are, which is how PyTorch writes them. Nothing that an
// archive says of itself is believed before it is held against the file.

import type { FileHandle } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { fail, UniAdapterError } from '../../error/index.js';
import { crc32 } from '../../format/index.js';
import { readInto } from '../tensors/bytes.js';

export interface StoredEntry {
  /** Byte of the file at which its content starts; all of it is in the file. */
  readonly start: number;
  readonly bytes: number;
  /** Of its content; 0 where the writer did not compute any, which torch.save can be told. */
  readonly crc32: number;
  /** Compressed or encrypted contents cannot be read in place. */
  readonly isStored: boolean;
}

/**
 * Finds the entries of an archive.
 *
 * @param bytes  of the file
 * @param where  its path
 * @throws format  when it is damaged or has two entries of one name
 */
export async function readZip(
  file: FileHandle,
  bytes: number,
  where: string,
): Promise<ReadonlyMap<string, StoredEntry>> {
  try {
    const zip = await fromRandomAccessReaderPromise(new BoundedReader(file, bytes), bytes, { autoClose: false });
    const entries = new Map<string, StoredEntry>();
    for await (const entry of zip.eachEntry()) {
      if (entries.size === MOST_ENTRIES) throw new Error(`more than ${MOST_ENTRIES} entries`);
      if (entries.has(entry.fileName)) throw new Error(`two entries are called ${shown(entry.fileName)}`);
      entries.set(entry.fileName, await located(zip, entry));
    }
    return entries;
  } catch (cause) {
    if (cause instanceof UniAdapterError || !(cause instanceof Error)) throw cause;
    return fail('format', {
      ...{ where, what: 'the zip archive is damaged or cut off', got: cause.message },
      ...{ fix: 'copy or download it again', cause },
    });
  }
}

/** A checkpoint has one per tensor, and the largest BLIP two thousand. */
const MOST_ENTRIES = 2 ** 17;

/** Reads a whole entry. @throws format  when it is not stored, larger than `mostBytes` or not what its checksum says */
export async function readEntry(
  file: FileHandle,
  { name, entry, mostBytes }: { readonly name: string; readonly entry: StoredEntry; readonly mostBytes: number },
  where: string,
): Promise<Uint8Array> {
  if (!entry.isStored || entry.bytes > mostBytes)
    fail('format', {
      where,
      what: `${shown(name)} cannot be read`,
      got: `${entry.bytes} bytes${entry.isStored ? '' : ', compressed'}`,
      expected: `at most ${mostBytes}, stored, as torch.save writes it`,
    });
  const bytes = new Uint8Array(entry.bytes);
  await readInto(file, bytes, entry.start, where);
  if (entry.crc32 !== 0 && crc(bytes) !== entry.crc32) refuseDamaged(name, where);
  return bytes;
}

const PIECE_BYTES = 2 ** 22;

/** Holds the contents of entries against their checksums. @throws format  naming the first that differs */
export async function checkEntries(
  file: FileHandle,
  entries: Iterable<readonly [string, StoredEntry]>,
  where: string,
): Promise<void> {
  for (const [name, { start, bytes, crc32 }] of entries) {
    if (crc32 === 0) continue;
    let found = 0;
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, bytes - at));
      await readInto(file, piece, start + at, where);
      found = crc(piece, found);
    }
    if (found !== crc32) refuseDamaged(name, where);
  }
}

/** Node's own since 20.15 is twenty times as fast. */
const crc: typeof crc32 = zlib.crc32 ?? crc32;

const refuseDamaged = (name: string, where: string): never =>
  fail('format', {
    where,
    what: `${shown(name)} is damaged: its checksum is another one`,
    fix: 'copy or download it again',
  });

async function located(zip: ZipFile, entry: Entry): Promise<StoredEntry> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const isStored = entry.compressionMethod === 0 && !entry.isEncrypted();
  return { start: fileDataStart, bytes: entry.uncompressedSize, crc32: entry.crc32, isStored };
}

const LONGEST = 100;
const shown = (name: string): string => JSON.stringify(name.slice(0, LONGEST));

/** Offsets come from the archive: some are beyond its end, and some beyond what a system call takes. */
class BoundedReader extends RandomAccessReader {
  constructor(
    private readonly file: FileHandle,
    private readonly size: number,
  ) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    if (!(position + length <= this.size)) {
      setImmediate(() => callback(new Error('an offset beyond the end of the file')));
      return;
    }
    readInto(this.file, buffer.subarray(offset, offset + length), position, 'the zip archive').then(
      () => callback(null),
      callback,
    );
  }
}
