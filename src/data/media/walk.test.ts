import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDecoder } from '../../node/media/decoder.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { leftOutText } from '../items/index.js';
import { walk } from './walk.js';

const base = temporaryFolder();

async function folder(name: string, files: readonly (string | Buffer)[]): Promise<string> {
  const root = join(base, name);
  await mkdir(root);
  for (const file of files) {
    if (typeof file === 'string') await mkdir(join(root, file, '..'), { recursive: true });
    await writeFile(typeof file === 'string' ? join(root, file) : Buffer.concat([Buffer.from(`${root}/`), file]), 'x');
  }
  return root;
}

const told = async (root: string) => (await walk(root)).leftOut.map((one) => `${one.severity} ${leftOutText(one)}`);

test('links are never followed: a folder in itself has its files once, and what leads outside has none', async () => {
  const root = await folder('links', ['a.png', 'sub/b.png', 'sub/notes.md']);
  await symlink('.', join(root, 'all'));
  await symlink('..', join(root, 'sub', 'up'));
  await symlink('a.png', join(root, 'again.png'));
  await symlink('nowhere', join(root, 'dangling.png'));
  const { files, media } = await walk(root);
  assert.deepEqual(files, ['a.png', 'sub/b.png', 'sub/notes.md']);
  assert.deepEqual(media, ['a.png', 'sub/b.png']);
  assert.deepEqual(await told(root), ['warning 4 links are not followed: again.png, all, dangling.png, sub/up']);
  const link = join(base, 'way-in');
  await symlink(root, link);
  assert.deepEqual((await walk(link)).media, media, 'a folder that is named is one, by whatever name');
});

test('what systems and other programs keep beside people’s files is left out; hidden pictures too', async () => {
  const foreign = [
    '@eaDir/a.png/SYNOPHOTO_THUMB_XL.png',
    '#recycle/x.png',
    '$RECYCLE.BIN/S-1/x.png',
    'lost+found/x.png',
  ];
  const hidden = ['__MACOSX/._a.png', '._a.png', '.thumbnails/x.png', 'sub/.@__thumb/x.png', '.Trash-1000/files/x.png'];
  const root = await folder('nas', [
    'a.png',
    'sub/b.png',
    ...foreign,
    ...hidden,
    '.mine/x.png',
    'Thumbs.db',
    '.DS_Store',
  ]);
  assert.deepEqual((await walk(root)).files, ['a.png', 'sub/b.png']);
  assert.deepEqual(await told(root), [
    'note 9 belong to a system, a NAS or another program: #recycle, $RECYCLE.BIN, .Trash-1000, ._a.png, .thumbnails, …',
    'note 1 is hidden: .mine',
  ]);
});

test('pictures and clips of kinds that are not read are named', async () => {
  const root = await folder('kinds', ['a.jfif', 'b.JPE', 'c.heic', 'd.BMP', 'e.jp2', 'f.NEF', 'g.md']);
  assert.deepEqual((await walk(root)).media, ['a.jfif', 'b.JPE']);
  assert.deepEqual(await told(root), [
    'warning 4 pictures or clips are of a kind that is not read: c.heic, d.BMP, e.jp2, f.NEF',
  ]);
});

const posix = { skip: process.platform === 'win32' && 'Windows has none of these' };

test('names that are not UTF-8 are told with their bytes', {
  skip: process.platform !== 'linux' && 'refused there',
}, async () => {
  const root = await folder('bytes', ['a.png', Buffer.from('caf\xe9.png', 'latin1')]);
  assert.deepEqual((await walk(root)).files, ['a.png']);
  assert.deepEqual(await told(root), ['warning 1 name is not UTF-8: caf\\xe9.png']);
});

test('a pipe is no file: not in a folder, and not when it is named', posix, async () => {
  const root = await folder('pipes', ['a.png']);
  execFileSync('mkfifo', [join(root, 'b.png')]);
  assert.deepEqual((await walk(root)).files, ['a.png']);
  assert.deepEqual(await told(root), ['warning 1 is no file: a pipe, a socket or a device: b.png']);
  assert.match((await refusal(createDecoder().probe(join(root, 'b.png')))).message, /b\.png: is no file: got a pipe/);
  assert.match((await refusal(createDecoder().probe('/dev/zero'))).message, /is no file: got a device/);
});

/** Root may open everything, so it becomes somebody else for a while. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('a folder that cannot be opened keeps nobody from the others', posix, async () => {
  const root = await folder('closed', ['a.png', 'private/b.png']);
  await chmod(base, 0o755);
  await chmod(join(root, 'private'), 0);
  const { files, closed, leftOut } = await asNobody(() => walk(root));
  await chmod(join(root, 'private'), 0o700);
  assert.deepEqual([files, closed], [['a.png'], ['private']]);
  assert.deepEqual(leftOut.map(leftOutText), ['1 folder cannot be opened: private (no permission)']);
});

test('a folder that is not there is refused', async () => {
  assert.match((await refusal(walk(join(base, 'nowhere')))).message, /does not exist/);
});
