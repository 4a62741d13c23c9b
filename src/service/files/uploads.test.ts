import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { createDecoder } from '../../node/media/decoder.js';
import { pngOf } from '../../node/serve/broken.test-support.js';
import { refusal, temporaryFolder, toyClipData, toyData } from '../../node/toy.test-support.js';
import { openLibraries } from '../libraries/libraries.js';
import { mediaFile } from '../libraries/media.js';
import { LIMITS } from './limits.js';
import { createPictures } from './pictures.js';
import { openUploads } from './uploads.js';

const folder = temporaryFolder();
const place = join(folder, 'uploads');

const noise = sharp({ create: { width: 64, height: 48, channels: 3, background: '#a04020' } });
const png = await noise.clone().png().toBuffer();
const jpeg = await noise.clone().jpeg().toBuffer();
const webp = await noise.clone().webp().toBuffer();

const sent = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]).stream();

test('pictures and clips are taken in, whatever they are called, and found again by their ids', async () => {
  const uploads = await openUploads(place, createDecoder());
  await toyClipData(join(folder, 'clips'));
  const gif = await readFile(join(folder, 'clips', 'red-green.gif'));
  for (const [bytes, kind, type] of [
    [png, 'image', 'image/png'],
    [jpeg, 'image', 'image/jpeg'],
    [webp, 'image', 'image/webp'],
    [gif, 'video', 'image/gif'],
  ] as const) {
    const upload = await uploads.take(sent(bytes));
    assert.deepEqual([upload.kind, upload.bytes], [kind, bytes.length]);
    assert.deepEqual([upload.width, upload.height], kind === 'image' ? [64, 48] : [40, 36]);
    const file = uploads.find(upload.upload);
    assert.deepEqual([file.kind, file.type], [kind, type]);
  }
  await uploads.close();
  assert.deepEqual(await readdir(place), []);
});

test('what is no image and no clip is refused with a reason, and leaves nothing behind', async () => {
  const uploads = await openUploads(place, createDecoder());
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  for (const [bytes, what] of [
    [new Uint8Array(), /is no image and no clip/],
    [Buffer.from('hello'), /is no image and no clip/],
    [svg, /is no image and no clip/],
    [Buffer.from('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), /is no image/],
    [png.subarray(0, png.length / 2), /cannot be decoded/],
    [jpeg.subarray(0, jpeg.length / 2), /cannot be decoded/],
    [webp.subarray(0, webp.length / 2), /cannot be decoded/],
    [pngOf(30_000), /is too large/],
    [pngOf(8_000), /is too large/],
    [Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), Buffer.alloc(4000, 7)]), /./],
    [Buffer.concat([Buffer.from('\x1aE\xdf\xa3', 'latin1'), Buffer.alloc(400, 3)]), /./],
    [Buffer.concat([Buffer.from('GIF89a', 'latin1'), Buffer.alloc(400, 3)]), /./],
  ] as const) {
    const error = await refusal(uploads.take(sent(bytes)));
    assert.equal(error.code, 'data', error.message);
    assert.equal(error.problem.where, 'upload', error.message);
    assert.match(error.problem.what, what);
    assert.ok(!error.message.includes(folder), error.message);
  }
  assert.deepEqual(await readdir(place), []);
  await uploads.close();
});

test('an upload ends when it is too long or breaks off', async () => {
  const uploads = await openUploads(place, createDecoder());
  let given = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      given += 2 ** 22;
      controller.enqueue(new Uint8Array(2 ** 22));
    },
  });
  assert.match((await refusal(uploads.take(endless))).message, /is too long: expected at most 256 MiB/);
  assert.ok(given < LIMITS.uploadBytes + 2 ** 24);
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error('gone'));
    },
  });
  assert.equal((await refusal(uploads.take(broken))).code, 'stopped');
  assert.deepEqual(await readdir(place), []);
  await uploads.close();
});

test('uploads that have begun and do not go on leave room for others', async () => {
  const uploads = await openUploads(place, createDecoder());
  const senders: ReadableStreamDefaultController<Uint8Array>[] = [];
  const begun = Array.from({ length: 40 }, () =>
    uploads.take(
      new ReadableStream<Uint8Array>({
        start(controller) {
          senders.push(controller);
          controller.enqueue(png.subarray(0, 20));
        },
      }),
    ),
  );
  assert.equal((await uploads.take(sent(png))).bytes, png.length);
  for (const sender of senders) sender.error(new Error('gone'));
  for (const result of await Promise.allSettled(begun)) assert.equal(result.status, 'rejected');
  await uploads.close();
});

test('an item of a library is found by its id alone, and only inside of the library', async () => {
  const root = await toyData(join(folder, 'library'));
  await writeFile(join(folder, 'secret.png'), png);
  await symlink(join(folder, 'secret.png'), join(root, 'link.png'));
  await mkdir(join(folder, 'elsewhere'));
  await writeFile(join(folder, 'elsewhere', 'a.png'), png);
  await symlink(join(folder, 'elsewhere'), join(root, 'linked'));
  const uploads = await openUploads(place, createDecoder());
  const libraries = openLibraries([{ name: 'toy', folder: root, indexName: 'toy', isSample: false }], []);
  const { items, all } = await libraries.items('toy', { offset: 0, limit: 100 });
  assert.equal(all, 16, 'links are left out');
  const found = await mediaFile({ library: 'toy', item: items[0]?.id ?? '' }, { libraries, uploads });
  assert.ok(found.path.startsWith(root));
  for (const item of ['../secret.png', 'link.png', '/etc/passwd', '..%2fsecret.png', '', items[0]?.path ?? ''])
    assert.equal((await refusal(mediaFile({ library: 'toy', item }, { libraries, uploads }))).code, 'missing', item);
  for (const library of ['..', 'other', ''])
    assert.equal((await refusal(mediaFile({ library, item: 'a' }, { libraries, uploads }))).code, 'missing');
  assert.equal(
    (await refusal(mediaFile({ upload: '../library/red-grey.png' }, { libraries, uploads }))).code,
    'missing',
  );
  await uploads.close();
});

test('a file that becomes a link out of the library after it was listed is not followed', async () => {
  const root = await toyData(join(folder, 'swapped'));
  const uploads = await openUploads(place, createDecoder());
  const libraries = openLibraries([{ name: 'toy', folder: root, indexName: 'toy', isSample: false }], []);
  const { items } = await libraries.items('toy', { offset: 0, limit: 1 });
  const [item] = items;
  await rm(join(root, item?.path ?? ''));
  await symlink(join(folder, 'secret.png'), join(root, item?.path ?? ''));
  const error = await refusal(mediaFile({ library: 'toy', item: item?.id ?? '' }, { libraries, uploads }));
  assert.deepEqual([error.code, error.problem.what], ['missing', 'is not there any more']);
  await uploads.close();
});

test('a picture is a small WebP; of a clip the frames are those that a model is shown', async () => {
  const clips = await toyClipData(join(folder, 'frames'));
  const takePicture = createPictures(createDecoder());
  const path = join(clips, 'red-green.gif');
  const colours: number[][] = [];
  for (const frame of [0, 1]) {
    const picture = await takePicture(path, 'video', { size: 20, frame, frames: 2 });
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [20, 18]);
    const at = (9 * 20 + 9) * 3;
    colours.push([...data.subarray(at, at + 3)]);
  }
  const [red = [], green = []] = colours;
  assert.ok((red[0] ?? 0) > 180 && (red[1] ?? 0) < 90, `${red}`);
  assert.ok((green[1] ?? 0) > 150 && (green[0] ?? 0) < 90, `${green}`);
  const large = await takePicture(join(folder, 'library', 'red-grey.png'), 'image', { size: 512, frame: 0, frames: 1 });
  assert.equal((await sharp(large).metadata()).width, 40, 'nothing is enlarged');
  for (const [frame, frames] of [
    [-1, 2],
    [2, 2],
    [0, 0],
    [0, 1000],
  ] as const)
    assert.equal((await refusal(takePicture(path, 'video', { size: 20, frame, frames }))).code, 'recipe');
});
