// Digests that are remembered.

import assert from 'node:assert/strict';
import { readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sha256 } from '../../files/files.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { digestOf } from './digest.js';

const folder = temporaryFolder();
const store = join(folder, 'uniadapter', 'digests.json');
before(() => {
  process.env.XDG_CACHE_HOME = folder; // of this process, which runs this file alone
});

interface Digest {
  readonly state: string;
  readonly sha256: string;
  readonly check: string;
}

const remembered = async (): Promise<Record<string, Digest>> => JSON.parse(await readFile(store, 'utf8'));

test('a large file is hashed once; when it changes, again', async () => {
  const path = join(folder, 'weights');
  await writeFile(path, 'one');
  assert.equal(await digestOf(path, 1), await sha256(path));
  const digests = await remembered();
  assert.deepEqual(Object.keys(digests), [path]);
  const { state, sha256: digest } = digests[path] as Digest;
  const marked = { state, sha256: 'f'.repeat(64) };
  const check = await sha256(Buffer.from(`${path}\n${state}\n${marked.sha256}`));
  await writeFile(store, JSON.stringify({ [path]: { ...marked, check } }));
  assert.equal(await digestOf(path, 1), marked.sha256, 'taken from the store');
  await writeFile(store, JSON.stringify({ [path]: { ...marked, check: digests[path]?.check } }));
  assert.equal(await digestOf(path, 1), digest, 'what is damaged is not taken');
  await writeFile(path, 'two'); // of the same length
  assert.equal(await digestOf(path, 1), await sha256(path));
  const { atime, mtime } = await stat(path);
  await writeFile(join(folder, 'other'), 'six');
  await utimes(join(folder, 'other'), atime, mtime);
  await rename(join(folder, 'other'), path);
  assert.equal(await digestOf(path, 1), await sha256(path), 'another file of the same size and time');
  assert.deepEqual(Object.keys(await remembered()), [path]);
});

test('a small file is not remembered, and a store that is damaged or locked does no harm', async () => {
  const path = join(folder, 'small');
  await writeFile(path, 'one');
  assert.equal(await digestOf(path), await sha256(path));
  assert.ok(!(path in (await remembered())));
  await writeFile(store, '{"half": ');
  assert.equal(await digestOf(path, 1), await sha256(path));
  assert.ok(path in (await remembered()));
  process.env.XDG_CACHE_HOME = path; // a file
  assert.equal(await digestOf(path, 1), await sha256(path));
  process.env.XDG_CACHE_HOME = folder;
});

test('a file that is not there is refused by its name', async () => {
  const { code, message } = await refusal(digestOf(join(folder, 'none')));
  assert.equal(code, 'file');
  assert.match(message, /none: does not exist/);
});
