import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  found,
  ifThere,
  makeFolder,
  namesIn,
  readBytes,
  sha256,
  type Write,
  writeAtomically,
  writeFolderAtomically,
} from './files.js';
import { openTemporary } from './leftovers.js';
import { takeLock } from './lock.js';
import { withFile } from './opened.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
const text = (path: string) => readFile(path, 'utf8');

/** A disk without room: the kernel's own. */
const fullDisk: Write = async (_, content) => {
  await withFile(
    '/dev/full',
    (path) => open(path, 'w'),
    (full) => full.writeFile(content),
  );
};
const noFullDisk = existsSync('/dev/full') ? false : 'needs /dev/full';

/** Mounting is for root alone, and not in every container. */
const noMounts =
  process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0 ? false : 'needs mount';

async function mounted(args: readonly string[], work: () => Promise<void>): Promise<void> {
  execFileSync('mount', args);
  try {
    await work();
  } finally {
    execFileSync('umount', [args.at(-1) as string]);
  }
}

function failing(code: string): Write {
  return () => Promise.reject(Object.assign(new Error(code), { code, syscall: 'write' }));
}

test('no handle of a file is asked for what those of Yarn’s Plug’n’Play cannot do', () => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const asking = /using \w+ = (await )?(fs\.)?open(dir)?(Sync)?\(|\.(data)?sync\(\)|[hH]andle\.utimes\(/;
  assert.deepEqual(
    sources.filter((path) => asking.test(readFileSync(join(root, path), 'utf8'))),
    [],
  );
});

test('a file is written and replaced, and nothing else is left', async () => {
  await writeAtomically(at('a.json'), 'one');
  await writeAtomically(at('a.json'), new TextEncoder().encode('two'));
  assert.equal(await text(at('a.json')), 'two');
  assert.deepEqual(await readdir(folder), ['a.json']);
});

test('on a full disk the old file stays, the error says how much was needed, and nothing is left', {
  skip: noFullDisk,
}, async () => {
  await writeAtomically(at('a.bin'), 'old');
  await assert.rejects(writeAtomically(at('a.bin'), new Uint8Array(2_500_000), fullDisk), {
    code: 'file',
    message: /a\.bin: no room left: 2\.5 MB needed, \d+\.\d MB free; make room/,
  });
  assert.equal(await text(at('a.bin')), 'old');
  assert.deepEqual(await readdir(folder), ['a.bin']);
});

test('a folder on a full disk keeps its old files', { skip: noFullDisk }, async () => {
  await writeFolderAtomically(at('run'), new Map([['a', 'old']]));
  const files = new Map<string, string | Uint8Array>([
    ['a', 'x'.repeat(600_000)],
    ['b', new Uint8Array(600_000)],
  ]);
  await assert.rejects(writeFolderAtomically(at('run'), files, fullDisk), /run: no room left: 1\.2 MB needed/);
  assert.equal(await text(at('run/a')), 'old');
  assert.deepEqual(await readdir(folder), ['run']);
});

test('missing permission and other refusals of the system are explained', async () => {
  await assert.rejects(writeAtomically(at('a'), 'x', failing('EACCES')), {
    code: 'file',
    message: /no permission; check/,
  });
  await assert.rejects(writeAtomically(at('a'), 'x', failing('EIO')), {
    code: 'file',
    message: /the disk failed to read or write it; check/,
  });
  assert.deepEqual(await readdir(folder), []);
});

test('writing into a missing folder names the one that was probably meant', async () => {
  await mkdir(at('results'));
  await assert.rejects(writeAtomically(at('result/deep/a'), 'x'), (error: Error) => {
    assert.ok(error.message.includes(`no folder ${at('result')}; did you mean ${at('results')}?`), error.message);
    return true;
  });
});

test('a folder is written and replaced as a whole', async () => {
  await writeFolderAtomically(
    at('run'),
    new Map([
      ['a', 'one'],
      ['b', 'two'],
    ]),
  );
  await writeFolderAtomically(
    at('run'),
    new Map<string, string | Uint8Array>([
      ['a', 'three'],
      ['b', Uint8Array.of(52)],
    ]),
  );
  assert.equal(await text(at('run/a')), 'three');
  assert.equal(await text(at('run/b')), '4');
  assert.deepEqual(await readdir(folder), ['run']);
});

test('a folder with anything else in it is never replaced', async () => {
  await mkdir(at('photos'));
  await writeFile(at('photos/cat.jpg'), 'cat');
  await assert.rejects(writeFolderAtomically(at('photos'), new Map([['a', 'x']])), {
    code: 'file',
    message: /photos: this folder holds other files, .*: got cat\.jpg; choose another folder/,
  });
  await writeFile(at('file'), 'x');
  await assert.rejects(writeFolderAtomically(at('file'), new Map()), /a part of the path is a file, expected a folder/);
  assert.deepEqual((await readdir(folder)).sort(), ['file', 'photos']);
});

test('a file is read whole into memory of its own', async () => {
  await writeFile(
    at('a'),
    Uint8Array.from({ length: 100_000 }, (_, i) => i),
  );
  const bytes = await readBytes(at('a'));
  assert.equal(bytes.byteOffset, 0);
  assert.equal(bytes.buffer.byteLength, 100_000);
  assert.ok(bytes.every((byte, i) => byte === i % 256));
  await writeFile(at('empty'), '');
  assert.equal((await readBytes(at('empty'))).length, 0);
});

test('reading what is not there names the nearest entry, unless nothing is near', async () => {
  await writeFile(at('captions.jsonl'), '');
  const missing = (name: string, message: string) =>
    assert.rejects(readBytes(at(name)), { code: 'file', message: `${at(name)}: does not exist${message}` });
  await missing('caption.json', `; did you mean ${at('captions.jsonl')}?`);
  await missing('zebra', '');
});

test('reading a folder says so', async () => {
  await assert.rejects(readBytes(folder), { code: 'file', message: `${folder}: is a folder, expected a file` });
  await assert.rejects(sha256(folder), /is a folder, expected a file/);
});

test('SHA-256 of bytes and of a file are the published value', async () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  await writeFile(at('abc'), 'abc');
  assert.equal(await sha256(new TextEncoder().encode('abc')), abc);
  assert.equal(await sha256(at('abc')), abc);
  await assert.rejects(sha256(at('abd')), /did you mean .*abc\?/);
});

test('what a killed writer left goes when the next one writes there; what is being written stays', async () => {
  await writeFile(at('.a.uniadapter-0123abcd.tmp'), 'half');
  await mkdir(at('.run.uniadapter-0123abcd.tmp'));
  await mkdir(at('.run.uniadapter-0123abcd.old'));
  await writeFile(at('.run.uniadapter-0123abcd.old/a'), 'old');
  await mkdir(at('.busy.uniadapter-0123abcd.tmp'));
  await writeFile(at('.b.0123abcd.tmp'), 'of another program');
  await using _ = await takeLock(at('.busy.lock'));
  await using live = await openTemporary(at('c'));
  await writeAtomically(at('d'), 'd');
  assert.deepEqual(
    (await readdir(folder)).sort(),
    ['.b.0123abcd.tmp', '.busy.lock', '.busy.uniadapter-0123abcd.tmp', basename(live.path), 'd', 'run'].sort(),
  );
  assert.equal(await text(at('run/a')), 'old');
});

test('a folder is written by one at a time', async () => {
  const first = await takeLock(at('.run.lock'));
  await assert.rejects(writeFolderAtomically(at('run'), new Map([['a', 'x']])), {
    code: 'file',
    message: /run: another process writes this folder just now: got process \d+ on .*; wait for it/,
  });
  await first?.[Symbol.asyncDispose]();
  await writeFolderAtomically(at('run'), new Map([['a', 'x']]));
  assert.deepEqual(await readdir(folder), ['run']);
});

test('a folder is made with those above it, and what is in the way is named', async () => {
  await makeFolder(at('a/b/c'));
  await makeFolder(at('a/b/c'));
  assert.deepEqual(await readdir(at('a/b')), ['c']);
  await writeFile(at('file'), '');
  await assert.rejects(makeFolder(at('file')), /file: is a file, expected a folder/);
  await assert.rejects(makeFolder(at('file/a')), /a part of the path is a file, expected a folder/);
  await assert.rejects(makeFolder(at('n'.repeat(300))), /the name is too long for this disk/);
});

test('a disk that can only be read is not one whose folders are missing', { skip: noMounts }, async () => {
  await mkdir(at('disk'));
  await mounted(['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', at('disk')], async () => {
    for (const write of [
      () => makeFolder(at('disk/runs/a')),
      () => writeAtomically(at('disk/a'), 'x'),
      () => writeFolderAtomically(at('disk/a'), new Map([['a', 'x']])),
    ])
      await assert.rejects(write(), {
        code: 'file',
        message: /disk.*: is on a disk that can only be read; write some/,
      });
  });
});

test('a disk that is really full keeps the old files, and takes the new ones once there is room', {
  skip: noMounts,
}, async () => {
  await mkdir(at('disk'));
  await mounted(['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at('disk')], async () => {
    await writeAtomically(at('disk/a'), 'old');
    await writeFolderAtomically(at('disk/run'), new Map([['a', 'old']]));
    const large = new Uint8Array(2e6);
    await assert.rejects(writeAtomically(at('disk/a'), large), /a: no room left: 2\.0 MB needed, [01]\.\d MB free/);
    await assert.rejects(writeFolderAtomically(at('disk/run'), new Map([['a', large]])), /run: no room left/);
    assert.deepEqual((await readdir(at('disk'))).sort(), ['a', 'run']);
    assert.deepEqual([await text(at('disk/a')), await text(at('disk/run/a'))], ['old', 'old']);
  });
});

test('only what is not there is taken for absent', async () => {
  await writeFile(at('file'), '');
  await symlink('loop', at('loop'));
  assert.equal(await found(at('none')), null);
  assert.equal(await found(at('file/below')), null);
  assert.equal(await found(at('n'.repeat(300))), null);
  assert.equal(await ifThere(at('none'), (path) => readFile(path)), null);
  await assert.rejects(
    ifThere(folder, (path) => readFile(path)),
    { code: 'file', message: /is a folder, expected a file/ },
  );
  assert.deepEqual(await namesIn(at('none')), []);
  await assert.rejects(found(at('loop')), { code: 'file', message: /leads back to itself/ });
  await assert.rejects(namesIn(at('loop')), { code: 'file' });
});
