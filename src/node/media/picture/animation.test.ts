import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { temporaryFolder } from '../../toy.test-support.js';
import { counting, numberOf } from '../video/clip.test-support.js';
import { animationFrames, animationInfo, shownAt } from './animation.js';

const folder = temporaryFolder();

/** An animation of numbered frames, by the extension of its name. */
async function animate(name: string, delay: readonly number[], width = 64, height = 48): Promise<string> {
  const path = join(folder, name);
  const frames = counting(delay.length, width, height).map(({ data }) =>
    sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
  const joined = sharp(await Promise.all(frames), { join: { animated: true } });
  const encoded = name.endsWith('.gif')
    ? joined.gif({ delay: [...delay], effort: 1 })
    : joined.webp({ delay: [...delay] });
  await encoded.toFile(path);
  return path;
}

const numbersOf = async (path: string, positions: readonly number[]) =>
  (await animationFrames(path, positions)).map(numberOf);

test('the frame shown at a time is the last that starts no later', () => {
  const durations = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      durations,
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: 0, max: 60 }),
      (list, start, sixtieth) => {
        const starts = list.map((_, i) => list.slice(0, i).reduce((a, b) => a + b, start));
        const end = list.reduce((a, b) => a + b, start);
        // in sixtieths, where the comparison is exact
        const isShown = (from: number) => (from - start) * 60 <= sixtieth * (end - start);
        assert.equal(shownAt(starts, end, sixtieth / 60), starts.filter(isShown).length - 1);
      },
    ),
  );
});

for (const extension of ['gif', 'webp']) {
  test(`${extension}: frames are found by their delays`, async () => {
    const path = await animate(`uneven.${extension}`, [100, 300, 20, 20, 60, 500]);
    assert.deepEqual(await numbersOf(path, [0, 0.05, 0.15, 0.41, 0.43, 0.45, 0.55, 1]), [0, 0, 1, 2, 3, 4, 5, 5]);
    assert.deepEqual(await animationInfo(path), { kind: 'animation', width: 64, height: 48, frames: 6, seconds: 1 });
  });

  test(`${extension}: delays too short to be meant last a tenth of a second, as in browsers`, async () => {
    const path = await animate(`hasty.${extension}`, [10, 10, 200]);
    assert.equal((await animationInfo(path)).seconds, 0.4);
    assert.deepEqual(await numbersOf(path, [0.2, 0.3, 0.6]), [0, 1, 2]);
  });

  test(`${extension}: what is cut off is an error that names the file`, async () => {
    const bytes = await readFile(await animate(`whole.${extension}`, Array(20).fill(50)));
    const path = join(folder, `cut.${extension}`);
    for (const share of [0.3, 0.7, 0.98]) {
      await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * share)));
      await assert.rejects(animationFrames(path, [0, 0.99]), /cut\.\w+: cannot be decoded/);
    }
  });
}

test('a GIF that only lacks its last byte is whole', async () => {
  const bytes = await readFile(await animate('last.gif', [50, 50]));
  const path = join(folder, 'no-trailer.gif');
  await writeFile(path, bytes.subarray(0, -1));
  assert.deepEqual(await numbersOf(path, [0, 0.5]), [0, 1]);
});

test('frames that do not fit into memory together are decoded in runs', async () => {
  const path = await animate('long.gif', Array(9).fill(50));
  for (const count of [0, 1, 2.5, 4, 100]) {
    const frames = await animationFrames(path, [0, 0.2, 0.4, 0.6, 0.7, 0.99], { togetherBytes: count * 64 * 48 * 4 });
    assert.deepEqual(frames.map(numberOf), [0, 1, 3, 5, 6, 8]);
    for (const { data } of frames) assert.equal(data.buffer.byteLength, data.length, 'a frame holds on to others');
  }
});

test('a single frame is an image, turned as it says', async () => {
  const path = join(folder, 'still.webp');
  const plain = sharp({ create: { width: 30, height: 20, channels: 3, background: 'blue' } });
  await plain.withMetadata({ orientation: 6 }).webp().toFile(path);
  const [first, second] = await animationFrames(path, [0, 0.5]);
  assert.equal(first, second);
  assert.deepEqual([first?.width, first?.height], [20, 30]);
  assert.deepEqual(await animationInfo(path), { kind: 'image', width: 20, height: 30, frames: 1, seconds: 0 });
});

test('transparent parts become white', async () => {
  const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer();
  const red = await sharp({ create: { width: 8, height: 8, channels: 4, background: 'red' } })
    .png()
    .toBuffer();
  const path = join(folder, 'clear.webp');
  await sharp([clear, red], { join: { animated: true } })
    .webp({ lossless: true })
    .toFile(path);
  const frames = await animationFrames(path, [0.2, 0.8]);
  assert.deepEqual(
    frames.map(({ data }) => [...data.subarray(0, 3)]),
    [
      [255, 255, 255],
      [255, 0, 0],
    ],
  );
});
