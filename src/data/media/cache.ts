// Frames on disk, so that a clip is decoded once. An entry is found by what its file holds, not by what it is called, and is
// as raw as memory: lossless formats took four to thirty times as long to read. Several processes may share a folder.

import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { found, makeFolder, readBytes, sha256, writeAtomically } from '../../files/files.js';
import { type NamedArray, readSafetensors, writeSafetensors } from '../../format/index.js';
import { type Pixels, pixels } from '../image/index.js';
import type { Decoder } from '../video/index.js';
import { createIdentifier } from './content.js';

/** What a folder may hold, in bytes; then the entries that were used least recently go. */
const MAX_BYTES = 20e9;
/** Part of every key: raised when the same file would decode to other pixels than before. */
const FORMAT = 1;
/** What remains of a folder that has become too large: looking through it is not for every entry. */
const KEPT_SHARE = 0.9;

/**
 * The same decoder, with the frames it has given kept in a folder. Damaged entries are decoded anew.
 *
 * @param maxBytes  a parameter so that tests can fill a folder
 * @throws `file` if the folder cannot be written
 */
export function cachedDecoder(decoder: Decoder, folder: string, maxBytes = MAX_BYTES): Decoder {
  const contentOf = createIdentifier();
  const limit = createLimit(folder, maxBytes);
  return {
    async frames(path, positions) {
      const key = { format: FORMAT, content: await contentOf(path), positions };
      const entry = join(folder, `${await sha256(Buffer.from(JSON.stringify(key)))}.safetensors`);
      const kept = await readEntry(entry, positions.length);
      if (kept) return kept;
      const frames = await decoder.frames(path, positions);
      const bytes = await packed(frames);
      await makeFolder(folder);
      await writeAtomically(entry, bytes);
      await limit(bytes.length);
      return frames;
    },
    probe: decoder.probe,
  };
}

/** Distinct frames as u8 [height, width, 3], named by number; which of them is where; and a checksum of it all. */
async function packed(frames: readonly Pixels[]): Promise<Uint8Array> {
  const distinct = [...new Set(frames)];
  const arrays = new Map(
    distinct.map(({ width, height, data }, i): [string, NamedArray] => [
      `${i}`,
      { dtype: 'U8', shape: [height, width, 3], bytes: data },
    ]),
  );
  const order = frames.map((frame) => distinct.indexOf(frame)).join(' ');
  return writeSafetensors(arrays, { order, sha256: await checksum(arrays.values()) });
}

function checksum(arrays: Iterable<NamedArray>): Promise<string> {
  return sha256(Buffer.concat([...arrays].map(({ bytes }) => bytes)));
}

/** The frames of an entry, or undefined if it is not there, damaged, or not what was asked for. */
async function readEntry(entry: string, count: number): Promise<readonly Pixels[] | undefined> {
  try {
    const { arrays, metadata } = readSafetensors(await readBytes(entry), entry);
    if (metadata.sha256 !== (await checksum(arrays.values()))) return undefined;
    const distinct = new Map(
      [...arrays].map(
        ([
          name,
          {
            shape: [height = 0, width = 0],
            bytes,
          },
        ]) => [name, pixels(width, height, bytes)],
      ),
    );
    const frames = (metadata.order ?? '').split(' ').map((name) => distinct.get(name));
    if (frames.length !== count || frames.includes(undefined)) return undefined;
    await utimes(entry, new Date(), new Date()); // it has been used
    return frames as Pixels[];
  } catch {
    return undefined;
  }
}

/** Counts what is written and removes what was used least recently once it is too much. */
function createLimit(folder: string, maxBytes: number): (written: number) => Promise<void> {
  let total: number | undefined;
  let turn = Promise.resolve();
  const add = async (written: number) => {
    if (total !== undefined && total + written <= maxBytes) {
      total += written;
      return;
    }
    const entries = await listEntries(folder);
    total = entries.reduce((sum, { size }) => sum + size, 0);
    const goal = total > maxBytes ? maxBytes * KEPT_SHARE : total;
    for (const { path, size } of entries) {
      if (total <= goal) break;
      await rm(path, { force: true });
      total -= size;
    }
  };
  return (written) => {
    const added = turn.then(() => add(written));
    turn = added.catch(() => {});
    return added;
  };
}

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Least recently used first. */
async function listEntries(folder: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    if (!/^[0-9a-f]{64}\.safetensors$/.test(name)) continue;
    const path = join(folder, name);
    const info = await found(path); // another process may have removed it
    if (info) entries.push({ path, size: info.size, mtimeMs: info.mtimeMs });
  }
  return entries.sort((a, b) => a.mtimeMs - b.mtimeMs);
}
