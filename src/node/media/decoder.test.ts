// Files of every kind through one door, and that nothing else gets through.

import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import type { Pixels } from '../../data/image/index.js';
import type { MediaInfo } from '../../data/video/index.js';
import { crc32 } from '../../format/checksum.js';
import { temporaryFolder } from '../toy.test-support.js';
import { createDecoder } from './decoder.js';
import { counting, numberOf, writeClip } from './video/clip.test-support.js';

const folder = temporaryFolder();
const decoder = createDecoder();
const FRAMES = counting(10);
const pictures = FRAMES.map(({ width, height, data }) => sharp(data, { raw: { width, height, channels: 3 } }));

/** What is written, and what it is. */
const KINDS: Readonly<Record<string, readonly [(path: string) => Promise<unknown>, MediaInfo['kind']]>> = {
  'a.jpg': [(path) => still().jpeg().toFile(path), 'image'],
  'a.png': [(path) => still().png().toFile(path), 'image'],
  'a.tiff': [(path) => still().tiff().toFile(path), 'image'],
  'a.avif': [(path) => still().avif().toFile(path), 'image'],
  'still.webp': [(path) => still().webp().toFile(path), 'image'],
  'still.gif': [(path) => still().gif().toFile(path), 'image'],
  'a.svg': [(path) => writeFile(path, '\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'image'],
  'a.webp': [async (path) => (await moving()).webp({ delay: Array(10).fill(50) }).toFile(path), 'animation'],
  'a.gif': [async (path) => (await moving()).gif({ delay: Array(10).fill(50) }).toFile(path), 'animation'],
  'moving.png': [
    (path) => writeClip(path, [{ frames: FRAMES, encoder: 'apng', pixelFormat: 'rgb24' }], { container: 'apng' }),
    'video',
  ],
  'a.mp4': [(path) => writeClip(path, [{ frames: FRAMES }]), 'video'],
  'a.mkv': [(path) => writeClip(path, [{ frames: FRAMES }]), 'video'],
  frames: [saveFrames, 'frames'],
};

const still = () => (pictures[5] as Sharp).clone();

async function moving(): Promise<Sharp> {
  const encoded = await Promise.all(pictures.map((picture) => picture.clone().png().toBuffer()));
  return sharp(encoded, { join: { animated: true } });
}

async function saveFrames(path: string): Promise<void> {
  await mkdir(path);
  for (const [i, picture] of pictures.entries())
    await picture
      .clone()
      .png()
      .toFile(join(path, `${i}.png`));
}

before(async () => {
  for (const [name, [write]] of Object.entries(KINDS)) await write(join(folder, name));
});

for (const [name, [, kind]] of Object.entries(KINDS))
  test(`${name} is taken for ${kind}`, async () => {
    const path = join(folder, name);
    const info = await decoder.probe(path);
    assert.equal(info.kind, kind);
    if (kind === 'image') assert.deepEqual([info.frames, info.seconds], [1, 0]);
    const frames = await decoder.frames(path, [0.05, 0.55, 0.95]);
    assert.deepEqual(
      frames.map(({ width, height }) => [width, height]),
      Array(3).fill([info.width, info.height]),
    );
    if (name === 'a.svg') return; // it shows nothing
    assert.deepEqual(frames.map(numberOf), kind === 'image' ? [5, 5, 5] : [0, 5, 9]);
  });

test('a wrong name does not matter', async () => {
  for (const [from, to] of [
    ['a.mp4', 'b.jpg'],
    ['a.jpg', 'b.mp4'],
    ['a.gif', 'b'],
  ] as const) {
    await copyFile(join(folder, from), join(folder, to));
    assert.deepEqual(await decoder.probe(join(folder, to)), await decoder.probe(join(folder, from)));
  }
});

test('an animated PNG whose first frame is laid over nothing has all its frames', async () => {
  const bytes = await readFile(join(folder, 'moving.png'));
  const control = bytes.indexOf('fcTL', 0, 'latin1');
  const data = bytes.subarray(control, control + 4 + 26);
  data[data.length - 1] = 1; // over instead of source
  bytes.writeUInt32BE(crc32(data), control + data.length);
  await writeFile(join(folder, 'over.png'), bytes);
  assert.deepEqual((await decoder.frames(join(folder, 'over.png'), [0.05, 0.55, 0.95])).map(numberOf), [0, 5, 9]);
});

test('what is transparent in an animated AVIF is white, in every frame', async () => {
  // six frames of 64 × 48 by Pillow: a box at x = 8 n … 8 n + 15, y = 10 … 29, in (40 n, 200, 30), on nothing
  const path = fileURLToPath(new URL('fixtures/pillow/moving.alpha.avif', import.meta.url));
  const frames = await decoder.frames(path, [0.05, 0.45, 0.95]);
  for (const [i, n] of [0, 2, 5].entries()) {
    const { data, width } = frames[i] as Pixels;
    const at = (x: number, y: number) => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
    for (const corner of [at(0, 0), at(63, 47), at((8 * n + 32) % 64, 20)]) assert.deepEqual(corner, [255, 255, 255]);
    const difference = at(8 * n + 8, 20).map((value, c) => Math.abs(value - ([40 * n, 200, 30][c] as number)));
    assert.ok(Math.max(...difference) < 6, `${at(8 * n + 8, 20)}`);
  }
});

test('kinds of files that are not read are named, whatever they are called', async () => {
  const box = (brands: string) => `\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}`;
  const cases: [string, string, string][] = [
    ['phone.jpg', `${box('heic\0\0\0\0mif1heic')}\0\0\0\x0ameta`, 'HEIC'],
    ['burst.heic', `${box('mif1\0\0\0\0heixmif1')}`, 'HEIC'],
    ['scan.bmp', `BM${'\x01'.repeat(12)}\x28\0\0\0`, 'BMP'],
    ['scan.jp2', '\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'],
    ['new.png', '\xff\x0a\x00', 'JPEG XL'],
    ['raw.tiff', 'II*\0\x10\0\0\0CR\x02\0', 'a Canon CR2 raw photo'],
    ['page', '%PDF-1.7', 'PDF'],
  ];
  for (const [name, content, kind] of cases) {
    await writeFile(join(folder, name), content, 'latin1');
    const message = `${join(folder, name)}: is ${kind}, which is not read: `;
    for (const look of [() => decoder.frames(join(folder, name), [0.5]), () => decoder.probe(join(folder, name))])
      await assert.rejects(
        look,
        (error: Error) => error.message.startsWith(message) && /convert it to JPEG/.test(error.message),
      );
  }
});

test('missing, empty and unknown files are told apart', async () => {
  const cases: [string, string | null, string, RegExp][] = [
    ['none.mp4', null, 'file', /none\.mp4: is missing/],
    ['empty.mp4', '', 'data', /empty\.mp4: is empty: got 0 bytes/],
    ['text.mp4', 'hello', 'data', /text\.mp4: cannot be opened: got nothing known/],
    ['text.jpg', 'hello', 'data', /text\.jpg: cannot be decoded: .*JPEG/],
    ['cut.jpg', '\xff\xd8\xff\xe0', 'data', /cut\.jpg: cannot be decoded/],
  ];
  for (const [name, content, code, message] of cases) {
    if (content !== null) await writeFile(join(folder, name), content, 'latin1');
    for (const look of [() => decoder.frames(join(folder, name), [0.5]), () => decoder.probe(join(folder, name))])
      await assert.rejects(look, (error: Error & { code: string }) => {
        assert.match(error.message, message);
        return error.name === 'UniAdapterError' && error.code === code;
      });
  }
});

test('positions that are no positions are refused', async () => {
  for (const wrong of [[0.5, 0.4], [-0.1], [1.1], [Number.NaN]])
    await assert.rejects(decoder.frames(join(folder, 'a.jpg'), wrong), /a\.jpg: positions are wrong/);
});
