import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { type Pixels, resizeBicubic } from '../../../data/image/index.js';
import { decodeImage, imageInfo } from './image.js';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decode-'));
});
after(() => rm(folder, { recursive: true }));

async function save(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** 2×1: red, then the given second pixel. */
const red = (second: number[], channels: 3 | 4 = 3) =>
  sharp(Uint8Array.of(255, 0, 0, ...(channels === 4 ? [255] : []), ...second), {
    raw: { width: 2, height: 1, channels },
  });

const flat = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } });

const bytesOf = async (path: string) => [...(await decodeImage(path)).data];

test('RGB comes out as it is', async () => {
  const { width, height, data } = await decodeImage(await save('a.png', await red([1, 2, 3]).png().toBuffer()));
  assert.deepEqual([width, height, ...data], [2, 1, 255, 0, 0, 1, 2, 3]);
});

test('transparent parts become white, half-transparent ones lighter', async () => {
  const clear = await red([0, 0, 0, 0], 4).png().toBuffer();
  assert.deepEqual(await bytesOf(await save('clear.png', clear)), [255, 0, 0, 255, 255, 255]);
  const half = await red([0, 0, 0, 128], 4).png().toBuffer();
  assert.deepEqual((await bytesOf(await save('half.png', half))).slice(3), [127, 127, 127]);
});

const peers = fileURLToPath(new URL('../fixtures/pillow/', import.meta.url));
const files = readdirSync(peers).filter((name) => /^drawn\.\w+\.\w+$/.test(name));

function assertSame(ours: Pixels, expected: Pixels): void {
  assert.deepEqual([ours.width, ours.height], [expected.width, expected.height]);
  assert.equal(Buffer.compare(ours.data, expected.data), 0);
}

for (const name of files)
  test(`${name} decodes as in Pillow and resizes as in torchvision, in every byte`, async () => {
    const expected = await decodeImage(join(peers, `${name}.decoded.png`));
    const ours = await decodeImage(join(peers, name));
    assertSame(ours, expected);
    for (const size of [24, 96])
      assertSame(resizeBicubic(ours, size, size), await decodeImage(join(peers, `${name}.${size}.png`)));
  });

test('grey, 16-bit, palette and CMYK become three bytes a pixel', async () => {
  const grey = sharp(Uint8Array.of(10, 200), { raw: { width: 2, height: 1, channels: 1 } }).toColourspace('b-w');
  assert.deepEqual(await bytesOf(await save('grey.png', await grey.png().toBuffer())), [10, 10, 10, 200, 200, 200]);
  const greyJpeg = await flat(8, 8, '#808080').toColourspace('b-w').jpeg().toBuffer();
  assert.equal((await sharp(greyJpeg).metadata()).channels, 1);
  assert.deepEqual((await bytesOf(await save('grey.jpg', greyJpeg))).slice(0, 3), [128, 128, 128]);
  const greyDeep = sharp(Uint16Array.of(0x0a80, 0x8000), { raw: { width: 2, height: 1, channels: 1 } });
  const greyDeepBytes = await greyDeep.toColourspace('grey16').png().toBuffer();
  assert.deepEqual(await bytesOf(await save('grey16.png', greyDeepBytes)), [10, 10, 10, 128, 128, 128]);
  const deep = sharp(Uint16Array.of(0x0a80, 0x8000, 0xffff), { raw: { width: 1, height: 1, channels: 3 } });
  const deepBytes = await deep.toColourspace('rgb16').png().toBuffer();
  assert.equal((await sharp(deepBytes).metadata()).depth, 'ushort');
  assert.deepEqual(await bytesOf(await save('deep.png', deepBytes)), [10, 128, 255]);
  const palette = await red([0, 0, 255]).png({ palette: true }).toBuffer();
  assert.deepEqual(await bytesOf(await save('palette.png', palette)), [255, 0, 0, 0, 0, 255]);
  const cmyk = await flat(8, 8, '#ff0000').toColourspace('cmyk').jpeg().toBuffer();
  const [r = 0, g = 255, b = 255] = await bytesOf(await save('cmyk.jpg', cmyk));
  assert.ok(r > 200 && g < 70 && b < 70, `${r} ${g} ${b} is not red`);
});

test('EXIF orientation is applied', async () => {
  const turned = await flat(30, 20, 'blue').withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const { width, height } = await decodeImage(await save('turned.jpg', turned));
  assert.deepEqual([width, height], [20, 30]);
});

test('of an animation the first frame is taken', async () => {
  const frames = await Promise.all(['#ff0000', '#0000ff'].map((colour) => flat(4, 4, colour).png().toBuffer()));
  const gif = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  const { height, data } = await decodeImage(await save('two.gif', gif));
  assert.deepEqual([height, ...data.subarray(0, 3)], [4, 255, 0, 0]);
});

test('truncated JPEG, progressive JPEG, PNG and WebP are errors that name the file', async () => {
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 7919) % 251);
  const source = () => sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });
  const whole = {
    'base.jpg': await source().jpeg().toBuffer(),
    'progressive.jpg': await source().jpeg({ progressive: true }).toBuffer(),
    'rows.png': await source().png().toBuffer(),
    'block.webp': await source().webp().toBuffer(),
  };
  for (const [name, bytes] of Object.entries(whole)) {
    await decodeImage(await save(name, bytes));
    for (const share of [0.3, 0.95]) {
      const path = await save(name, bytes.subarray(0, Math.floor(bytes.length * share)));
      await assert.rejects(decodeImage(path), (error: Error & { code: string }) => {
        assert.match(error.message, new RegExp(`${name}: cannot be decoded`));
        return error.code === 'data';
      });
    }
  }
});

test('missing, empty, huge and non-image files are told apart, by their header alone too', async () => {
  const huge = '<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>';
  const cases: [string, RegExp, string][] = [
    [join(folder, 'none.jpg'), /is missing/, 'file'],
    [folder, /./, ''],
    [await save('empty.jpg', ''), /is empty: got 0 bytes/, 'data'],
    [await save('text.jpg', 'hello'), /cannot be decoded: got .*unsupported/, 'data'],
    [await save('huge.svg', huge), /is too large.*100 megapixels/, 'data'],
  ];
  for (const look of [decodeImage, imageInfo])
    for (const [path, message, code] of cases)
      await assert.rejects(look(path), (error: Error & { code: string }) => {
        assert.match(error.message, message);
        assert.equal(error.name, 'UniAdapterError');
        return code === '' || error.code === code;
      });
});
