import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { leftOutText } from '../items/index.js';
import { openDataset } from './dataset.js';
import { readManifest } from './manifest.js';
import { unlisted } from './unlisted.js';

const base = temporaryFolder();

/** What is read of a folder with these files. */
async function read(name: string, files: Readonly<Record<string, string | Uint8Array>>) {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(base, name, file)), { recursive: true });
    await writeFile(join(base, name, file), content);
  }
  const { items, flaws, leftOut = [] } = await readManifest(join(base, name));
  return {
    items: Object.fromEntries(items.map(({ media, captions }) => [media, captions])),
    flaws: flaws.map(({ media, what }) => `${media} ${what}`),
    leftOut: leftOut.map(leftOutText),
  };
}

test('a clip and its poster have one text: the kind of most others is read, and the other is told', async () => {
  const clips = await read('clips', { 'c.mp4': '', 'c.png': '', 'c.txt': 'one', 'd.mp4': '', 'd.txt': 'two' });
  assert.deepEqual(clips.items, { 'c.mp4': ['one'], 'd.mp4': ['two'] });
  assert.deepEqual(clips.leftOut, [
    '1 text file belongs to several files: one of them is read: c.txt: c.mp4 is read, c.png is not',
  ]);
  const photos = await read('photos', { 'c.mov': '', 'c.jpg': '', 'c.txt': 'one', 'd.jpg': '', 'd.txt': 'two' });
  assert.deepEqual(photos.items, { 'c.jpg': ['one'], 'd.jpg': ['two'] });
});

test('text files of any line ends, letters and forms belong to their pictures', async () => {
  const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('two', 'utf16le')]);
  const { items, flaws } = await read('texts', {
    ...{ 'a.jfif': '', 'a.TXT': 'one\rtwo\r\nthree\n', 'b.png': '', 'b.txt': utf16 },
    ...{ 'e\u0301.png': '', '\u00e9.txt': 'three', 'x.png': '', 'x.txt': Uint8Array.of(0xe9) },
  });
  assert.deepEqual(items, { 'a.jfif': ['one', 'two', 'three'], 'b.png': ['two'], 'e\u0301.png': ['three'] });
  assert.deepEqual(flaws, ['x.png has captions that cannot be read: x.txt is not text']);
});

const otherNames = { skip: process.platform !== 'linux' && 'disks elsewhere know no such names' };

test('names that look the same are two, where each has its own text', otherNames, async () => {
  const own = { 'e\u0301.png': '', 'e\u0301.txt': 'one', '\u00e9.png': '', '\u00e9.txt': 'two' };
  const { items, leftOut } = await read('twins', own);
  assert.deepEqual(items, { 'e\u0301.png': ['one'], '\u00e9.png': ['two'] });
  assert.deepEqual(leftOut, []);
});

test('texts without a picture that is read are told, and named where nothing is left', async () => {
  const { leftOut } = await read('orphans', {
    'a.png': '',
    'a.txt': 'one',
    'b.txt': 'two',
    'c.heic': '',
    'c.txt': 'x',
  });
  assert.deepEqual(leftOut, [
    '1 picture or clip is of a kind that is not read: c.heic',
    '1 text file has no image or clip of its name: b.txt',
  ]);
  const nothing = await refusal(read('nothing', { 'c.heic': '', 'c.txt': 'x', 'labels.xlsx': '' }));
  assert.match(nothing.message, /got 1 picture or clip is of a kind that is not read: c\.heic; .*labels\.xlsx/);
});

test('captions and questions lie in files of their own; a manifest goes before both', async () => {
  const tables = {
    'captions.csv': 'image,caption\na.png,one\n',
    'Questions.TSV': 'image\tquestion\tanswer\na.png\twhat\tcat\n',
    'notes.json': '{}',
  };
  const both = await read('both', tables);
  assert.deepEqual(both.items, { 'a.png': ['one'] });
  assert.deepEqual(both.leftOut, ['1 file is not read, which may hold texts: notes.json']);
  const { items, leftOut } = await read('three', {
    ...tables,
    'manifest.jsonl': '{"image": "b.png", "caption": "two"}',
  });
  assert.deepEqual(items, { 'b.png': ['two'] });
  assert.deepEqual(leftOut, ['3 files are not read, which may hold texts: Questions.TSV, captions.csv, notes.json']);
});

test('paths are spelt as the disk spells them, and what is then one file is one item', async () => {
  const { items } = await read('forms', {
    ...{ 'cafe\u0301/a.png': '', 'sub/b.png': '' },
    'captions.csv': 'image,caption\ncaf\u00e9/a.png,one\ncafe\u0301/a.png,two\nsub\\b.png,three\nna\u00efve.png,four\n',
  });
  assert.deepEqual(items, {
    'cafe\u0301/a.png': ['one', 'two'],
    'sub/b.png': ['three'],
    'na\u00efve.png': ['four'],
  });
});

test('an entry with a flaw names its file however it spells it', async () => {
  const root = join(base, 'flawed');
  await mkdir(join(root, 'sub'), { recursive: true });
  for (const name of ['sub/a.png', 'sub/b.png', 'sub/c.png']) await writeFile(join(root, name), '');
  await writeFile(join(root, 'captions.csv'), 'image,caption\nsub\\a.png,\nsub/b.png,\n');
  const dataset = await openDataset(root, { seed: 1 });
  assert.deepEqual((await unlisted(dataset)).map(leftOutText), ['1 image or clip is in no entry: sub/c.png']);
});

test('a pipe is no manifest', { skip: process.platform === 'win32' && 'Windows has none' }, async () => {
  execFileSync('mkfifo', [join(base, 'captions.csv')]);
  assert.match((await refusal(readManifest(join(base, 'captions.csv')))).message, /is no file: got a pipe/);
});
