// Files that change while they are asked for: links put in their place, files that grow and shrink.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { openReal } from '../../files/opened.js';
import { createDecoder } from '../../node/media/decoder.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { openLibraries } from '../libraries/libraries.js';
import { openMedia } from '../libraries/media.js';
import { storedFile } from './stored.js';
import { openUploads } from './uploads.js';

const folder = temporaryFolder();
const SECRET = 'the file of somebody else';

const textOf = (stream: ReadableStream<Uint8Array>) =>
  new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();

/** Exchanges a file or folder with what is beside it until the work is over. */
async function exchanging(path: string, other: string, work: () => Promise<void>): Promise<void> {
  let isOver = false;
  const exchange = async () => {
    while (!isOver) {
      await rename(path, `${path}.aside`);
      await rename(other, path);
      await rename(path, other);
      await rename(`${path}.aside`, path);
    }
  };
  const exchanged = exchange();
  try {
    await work();
  } finally {
    isOver = true;
    await exchanged;
  }
}

async function library() {
  const root = join(folder, 'library');
  const outside = join(folder, 'outside');
  await Promise.all([mkdir(join(root, 'inner'), { recursive: true }), mkdir(outside, { recursive: true })]);
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#f00' } })
    .png()
    .toBuffer();
  const paths = [join(root, 'a.png'), join(root, 'inner', 'b.png')];
  for (const path of paths) await writeFile(path, picture);
  for (const name of ['a.png', 'b.png']) await writeFile(join(outside, name), SECRET);
  await symlink(join(outside, 'a.png'), join(root, '.link'));
  await symlink(outside, join(root, '.folder'));
  const libraries = openLibraries([{ name: 'toy', folder: root, indexName: 'toy', isSample: false }], []);
  const { items } = await libraries.items('toy', { offset: 0, limit: 10 });
  const uploads = await openUploads(join(folder, 'uploads'), createDecoder());
  return { root, items, picture, sources: { libraries, uploads } };
}

test('a link is never followed, however often a file or its folder is exchanged with one', async () => {
  const { root, items, picture, sources } = await library();
  const refused = new Set<string>();
  const ask = async (item: string) => {
    try {
      const { file } = await openMedia({ library: 'toy', item }, sources);
      const { bytes, read } = await storedFile(file, 'image/png');
      assert.equal(bytes, picture.length);
      assert.ok(!(await textOf(read())).includes(SECRET));
    } catch (error) {
      refused.add((error as { code: string }).code);
    }
  };
  for (const [i, [path, other]] of [
    [join(root, 'a.png'), join(root, '.link')],
    [join(root, 'inner'), join(root, '.folder')],
  ].entries())
    await exchanging(path as string, other as string, async () => {
      for (let tries = 0; tries < 300 || (refused.size === 0 && tries < 5000); tries++) await ask(items[i]?.id ?? '');
    });
  assert.deepEqual([...refused], ['missing']);
  await sources.uploads.close();
});

test('a file that grows ends where it ended, and one that shrinks breaks the answer off', async () => {
  const path = join(folder, 'file');
  const whole = 'x'.repeat(300_000);
  await writeFile(path, whole);
  const growing = await storedFile(await openReal(path), 'text/plain');
  await appendFile(path, 'more');
  assert.equal(await textOf(growing.read()), whole);
  const part = await storedFile(await openReal(path), 'text/plain');
  assert.equal(await textOf(part.read([5, 70_000])), whole.slice(5, 70_001));
  const shrinking = await storedFile(await openReal(path), 'text/plain');
  const reader = shrinking.read().getReader();
  await reader.read();
  await truncate(path, 70_000);
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  }, /became shorter while it was sent/);
  await truncate(path, 0);
  assert.equal(await textOf((await storedFile(await openReal(path), 'text/plain')).read()), '');
});

test('a pipe in the place of a file keeps nobody waiting', async (context) => {
  if (process.platform === 'win32') return context.skip('Windows has no such pipes');
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  assert.match((await refusal(openReal(path))).message, /is no file: got a pipe/);
  await rm(path);
});
