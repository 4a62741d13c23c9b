import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { MediaSet } from '../../data/items/index.js';
import { fail, reason } from '../../error/index.js';
import { refusal, temporaryFolder, toyClipData, toyClipSet, toyData, toyRecipe } from '../../node/toy.test-support.js';
import type { Adapter } from '../../weights/store/adapter-folder.js';
import { forgiving, framesFor, mediaBelow, mediaSet } from './library.js';

const folder = temporaryFolder();
let images: string;
let clips: string;
before(async () => {
  images = await toyData(join(folder, 'images'));
  clips = await toyClipData(join(folder, 'clips'));
});

test('a folder’s images and clips are found in all of its subfolders, sorted, and nothing else', async () => {
  const root = join(folder, 'some');
  await mkdir(join(root, 'b', 'c'), { recursive: true });
  await mkdir(join(root, 'b', '.thumbnails'));
  const others = ['b/notes.txt', 'manifest.jsonl', 'b/program.ts', 'b/._a.mp4', 'b/.thumbnails/1.jpg'];
  for (const name of ['z.JPG', 'b/a.mp4', 'b/c/x.webp', 'b/c/v.3gp', 'y.gif', ...others])
    await writeFile(join(root, name), '');
  const found = ['b/a.mp4', 'b/c/v.3gp', 'b/c/x.webp', 'y.gif', 'z.JPG'].map((name) => join(root, name));
  assert.deepEqual((await mediaBelow(root)).files, found);
  const note = join(root, 'b', 'notes.txt');
  assert.deepEqual((await mediaBelow(note)).files, [note], 'a file is itself');
  await mkdir(join(root, 'empty'));
  assert.equal((await refusal(mediaBelow(join(root, 'empty')))).code, 'data');
  assert.equal((await refusal(mediaBelow(join(root, 'nowhere')))).code, 'file');
});

test('files are a set without texts, of images and clips by their extensions', async () => {
  const files = [join(images, 'red-pink.png'), join(clips, 'red-blue.gif')];
  const set = await mediaSet(files);
  assert.deepEqual(
    set.items.map(({ media, kind, captions, questions }) => ({ media, kind, texts: [...captions, ...questions] })),
    [
      { media: files[0], kind: 'image', texts: [] },
      { media: files[1], kind: 'video', texts: [] },
    ],
  );
  for (const item of [0, 1]) {
    const frames = await set.frames(item, [0.25, 0.75]);
    assert.deepEqual(
      frames.map(({ width, height }) => [width, height]),
      [
        [40, 36],
        [40, 36],
      ],
    );
  }
});

test('what cannot be decoded becomes black and is remembered; a bug stays a bug', async () => {
  const broken: MediaSet = {
    ...toyClipSet(),
    async frames(index, positions) {
      if (index === 1) fail('data', { where: '1', what: 'is cut off', got: '3 bytes', fix: 'copy it again' });
      if (index === 2) throw new TypeError('bug');
      return toyClipSet().frames(index, positions);
    },
  };
  const { set, errors } = forgiving(broken);
  assert.deepEqual(await set.frames(0, [0.5]), await broken.frames(0, [0.5]));
  const black = await set.frames(1, [0.25, 0.75]);
  assert.deepEqual(
    black.map(({ data }) => [...data]),
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  );
  assert.deepEqual([...errors.keys()], [1]);
  assert.equal(errors.get(1)?.code, 'data');
  assert.equal(reason(errors.get(1)?.problem ?? assert.fail()), 'is cut off: got 3 bytes; copy it again');
  await assert.rejects(set.frames(2, [0.5]), /bug/);
});

test('as many frames are looked at as are asked for, as the adapter was evaluated with, or as the files suggest', async () => {
  const [pictures, videos] = [await mediaSet(['a.png']), await mediaSet(['a.png', 'a.mp4'])];
  const adapter = (...changes: readonly string[]) => ({ recipe: toyRecipe('toy', 'data', changes) }) as Adapter;
  assert.equal(framesFor(pictures, null, undefined), null);
  assert.equal(framesFor(videos, null, undefined), 8);
  assert.equal(framesFor(videos, null, 3), 3);
  assert.equal(framesFor(videos, adapter('data.frames=null'), undefined), null);
  assert.equal(framesFor(videos, adapter('data.frames=null'), 3), 3);
  assert.equal(framesFor(pictures, adapter('data.frames=4'), undefined), 4);
  assert.equal(framesFor(pictures, adapter('data.frames=4', 'data.testFrames=6'), undefined), 6);
});
