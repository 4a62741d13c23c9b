// Archives that are not what they say: each is refused in words, wherever its offsets lead.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { crc32, int32Array, writeStateDict } from '../../format/index.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { findTorch } from './torch-file.js';

const folder = temporaryFolder();

interface Entry {
  readonly name: string;
  readonly content: Uint8Array;
  /** What the archive says of it, if not the truth. */
  readonly says?: Partial<Record<'crc' | 'method' | 'bytes', number>>;
  /** Of its local header, as a zip64 field. */
  readonly offset?: bigint;
}

/** The entries of a sound checkpoint. */
function sound(): Entry[] {
  const bytes = Buffer.concat([...writeStateDict(new Map([['w', int32Array([3], Int32Array.of(1, 2, 3))]]))]);
  const entries: Entry[] = [];
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [length, name] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)];
    const start = at + 30 + name;
    entries.push({ name: bytes.toString('latin1', at + 30, start), content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return entries;
}

function archive(entries: readonly Entry[]): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, content, says = {}, offset } of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(says.method ?? 0, 4);
    common.writeUInt32LE(says.crc ?? crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(says.bytes ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const extra = Buffer.alloc(offset === undefined ? 0 : 12);
    if (offset !== undefined) {
      extra.writeUInt16LE(1);
      extra.writeUInt16LE(8, 2);
      extra.writeBigUInt64LE(offset, 4);
    }
    locals.push(Buffer.from('PK\x03\x04'), Buffer.from(common), Buffer.from(name), Buffer.from(content));
    common.writeUInt16LE(extra.length, 24);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset === undefined ? at : 0xffffffff, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name), extra);
    at += 30 + name.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  for (const place of [8, 10]) end.writeUInt16LE(entries.length, place);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

async function find(entries: readonly Entry[]) {
  const path = join(folder, 'x.pth');
  await writeFile(path, archive(entries));
  return findTorch(path);
}

/** A sound archive with one entry changed. */
const changed = (name: string, change: Partial<Entry>) =>
  sound().map((entry) => (entry.name === `archive/${name}` ? { ...entry, ...change } : entry));

test('a sound archive is read, and one whose writer computed no checksums', async () => {
  assert.deepEqual((await find(sound())).tensors.get('w')?.shape, [3]);
  const without = sound().map((entry) => ({ ...entry, says: { crc: 0 } }));
  assert.deepEqual((await find(without)).tensors.get('w')?.shape, [3]);
});

const bomb = deflateRawSync(Buffer.alloc(100_000_000));
const damaged: Readonly<Record<string, { readonly entries: readonly Entry[]; readonly message: RegExp }>> = {
  'offset beyond all numbers': {
    entries: changed('data/0', { offset: 2n ** 63n }),
    message: /damaged or cut off: got an offset beyond the end of the file/,
  },
  'offset beyond the end': { entries: changed('data/0', { offset: 2n ** 40n }), message: /beyond the end/ },
  'wrong checksum of numbers': {
    entries: changed('data/0', { says: { crc: 7 } }),
    message: /"archive\/data\/0" is damaged: its checksum is another one/,
  },
  'wrong checksum of the pickle': {
    entries: changed('data.pkl', { says: { crc: 7 } }),
    message: /"archive\/data\.pkl" is damaged/,
  },
  'two entries of one name': {
    entries: [...sound(), ...sound()],
    message: /two entries are called "archive\/data\.pkl"/,
  },
  'pickle that grows when it is read': {
    entries: changed('data.pkl', { content: bomb, says: { method: 8, bytes: 100_000_000 } }),
    message: /"archive\/data\.pkl" cannot be read: got 100000000 bytes, compressed, expected at most \d+, stored/,
  },
  'pickle beyond all measure': {
    entries: changed('data.pkl', { content: Buffer.alloc(5_000_000) }),
    message: /"archive\/data\.pkl" cannot be read: got 5000000 bytes, expected at most/,
  },
};
for (const [what, { entries, message }] of Object.entries(damaged))
  test(`an archive with ${/^(two)/.test(what) ? '' : 'a '}${what} is refused`, async () => {
    const error = await refusal(find(entries));
    assert.equal(error.code, 'format');
    assert.match(error.message, message);
  });
