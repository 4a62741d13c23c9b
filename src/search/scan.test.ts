import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { before, test } from 'node:test';
import { refusal, temporaryFolder, toyClipData, toyData } from '../node/toy.test-support.js';
import { scanLibrary } from './scan.js';

const root = temporaryFolder();
const folder = join(root, 'library');
before(async () => {
  await mkdir(join(folder, 'sub/deep'), { recursive: true });
  await mkdir(join(folder, '.git'));
  await mkdir(join(folder, 'empty'));
  await writeFile(join(root, 'secret.png'), 'secret');
  const names = ['b.PNG', 'a.mp4', 'notes.txt', 'code.ts', '.hidden.png', '.git/c.png', 'sub/deep/ü #1.jpg'];
  for (const name of names) await writeFile(join(folder, name), name);
  await symlink(join(root, 'secret.png'), join(folder, 'link.png'));
  await symlink(root, join(folder, 'sub/up'));
  await utimes(join(folder, 'a.mp4'), 1.0005, 1.0009);
});

test('a scan finds images and clips below the folder, but hidden ones and what links lead to', async () => {
  const scan = await scanLibrary(folder);
  assert.equal(scan.root, await realpath(folder));
  assert.deepEqual(
    scan.files.map(({ path, kind, bytes }) => [path, kind, bytes]),
    [
      ['a.mp4', 'video', 5],
      ['b.PNG', 'image', 5],
      ['sub/deep/ü #1.jpg', 'image', 18],
    ],
  );
  assert.equal(scan.files[0]?.modified, 1000);
  assert.deepEqual(scan.folders, ['', 'sub', 'sub/deep']);
  for (const { id } of scan.files) assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(new Set(scan.files.map(({ id }) => id)).size, 3);
});

test('an id is that of the path, whatever the file holds', async () => {
  const ids = async () => (await scanLibrary(folder)).files.map(({ id }) => id);
  const first = await ids();
  await writeFile(join(folder, 'b.PNG'), 'other');
  assert.deepEqual(await ids(), first);
});

test('captions come from a manifest, or from text files; a WebP that moves is a clip', async () => {
  const pictures = await scanLibrary(await toyData(join(root, 'pictures')));
  const square = pictures.files.find(({ path }) => path === 'red-black.png');
  assert.deepEqual(square?.captions, ['a red square on black', 'red on black']);
  assert.deepEqual(pictures.problems, []);
  const clips = await scanLibrary(await toyClipData(join(root, 'clips'), 'webp'));
  assert.deepEqual(new Set(clips.files.map(({ kind }) => kind)), new Set(['video']));
  await writeFile(join(folder, 'b.txt'), 'a sentence\n\n another \n');
  const said = await scanLibrary(folder);
  assert.deepEqual(said.files.find(({ path }) => path === 'b.PNG')?.captions, ['a sentence', 'another']);
});

test('a backslash is a letter of a name where the disk says so', {
  skip: sep === '\\' && 'it parts folders here',
}, async () => {
  const odd = join(root, 'odd');
  await mkdir(odd);
  for (const name of ['a\\b.png', 'a\\b.txt']) await writeFile(join(odd, name), name);
  const { files, problems } = await scanLibrary(odd);
  assert.deepEqual(
    files.map(({ path, captions }) => [path, captions]),
    [['a\\b.png', ['a\\b.txt']]],
  );
  assert.deepEqual(problems, []);
});

test('captions that are no text are told, and the files found all the same', async () => {
  await writeFile(join(folder, 'b.txt'), Uint8Array.of(0xff, 0xfe, 0x00));
  const scan = await scanLibrary(folder);
  assert.match(scan.problems.join(), /b\.txt is not text/);
  assert.equal(scan.files.length, 3);
});

test('a library without files, or that is not there, is refused', async () => {
  assert.match((await refusal(scanLibrary(join(folder, 'empty')))).message, /holds no images or clips: expected \.jpg/);
  assert.match((await refusal(scanLibrary(join(folder, 'emty')))).message, /does not exist; did you mean .*empty\?/);
  assert.match((await refusal(scanLibrary(join(folder, 'b.PNG')))).message, /b\.PNG: /);
});
