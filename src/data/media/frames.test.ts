import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import sharp from 'sharp';
import { folderFrames, folderInfo } from '../../node/media/picture/folder.js';
import { numbered, numberOf } from '../../node/media/video/clip.test-support.js';
import { temporaryFolder } from '../../node/toy.test-support.js';

const folder = temporaryFolder();
const clip = join(folder, 'clip');
before(async () => {
  await mkdir(clip);
  for (const n of [0, 1, 2, 9, 10, 11, 100]) {
    const { width, height, data } = numbered(n);
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(clip, `frame${n}.png`));
  }
  await copyFile(join(clip, 'frame0.png'), join(clip, '.frame5.png'));
  await writeFile(join(clip, 'Thumbs.db'), 'no picture');
});

const numbersOf = async (positions: readonly number[]) => (await folderFrames(clip, positions)).map(numberOf);

test('frames are ordered by number and last equally long', async () => {
  const middles = Array.from({ length: 7 }, (_, i) => (i + 0.5) / 7);
  assert.deepEqual(await numbersOf(middles), [0, 1, 2, 9, 10, 11, 100]);
  assert.deepEqual(await numbersOf([0, 0.14, 3 / 7, 0.999, 1]), [0, 0, 9, 100, 100]);
});

test('positions that show the same frame share it', async () => {
  const [first, second] = await folderFrames(clip, [0.5, 0.51]);
  assert.equal(first, second);
});

test('size and number are known without decoding, the length is not', async () => {
  assert.deepEqual(await folderInfo(clip), { kind: 'frames', width: 64, height: 48, frames: 7, seconds: null });
});

test('a folder without images is an error that says what is there', async () => {
  await mkdir(join(folder, 'empty'));
  await assert.rejects(folderFrames(join(folder, 'empty'), [0]), /empty: has no frames: got an empty folder/);
  await mkdir(join(folder, 'other'));
  await writeFile(join(folder, 'other', 'a.txt'), '');
  await assert.rejects(folderInfo(join(folder, 'other')), /other: has no frames: got a\.txt, expected images/);
});

test('a frame that cannot be decoded is named', async () => {
  const broken = join(folder, 'broken');
  await mkdir(broken);
  await copyFile(join(clip, 'frame0.png'), join(broken, '1.png'));
  await writeFile(join(broken, '2.png'), 'no picture');
  await assert.rejects(folderFrames(broken, [0, 0.9]), /2\.png: cannot be decoded/);
});
