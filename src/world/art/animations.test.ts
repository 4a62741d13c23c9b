import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { UniAdapterError } from '../../error/index.js';
import type { Concept } from '../index.js';
import { animationWorld, loadAnimations } from './animations.js';
import { worldSet } from './set.js';

const folder = await mkdtemp(join(tmpdir(), 'animations-'));
after(() => rm(folder, { recursive: true }));
const EDGE = 20;
const FRAMES = 12;
const PACKAGE = '@lobehub/fluent-emoji-anim-2';
const description = (version: string) => JSON.stringify({ name: PACKAGE, version });

/** An animation whose frame k has red 20 k, and transparent rows on top. */
function animation(frames: number): Promise<Buffer> {
  const pixels = Buffer.alloc(EDGE * EDGE * frames * 4);
  for (let i = 0; i < EDGE * EDGE * frames; i++) {
    const [frame, row] = [Math.floor(i / (EDGE * EDGE)), Math.floor(i / EDGE) % EDGE];
    pixels.set([20 * frame, 100, 50, row < 2 ? 0 : 255], 4 * i);
  }
  const raw = { width: EDGE, height: EDGE * frames, channels: 4 as const, pageHeight: EDGE };
  return sharp(pixels, { raw })
    .webp({ lossless: true, loop: 0, delay: Array(frames).fill(40) })
    .toBuffer();
}

const concept = (code: string, label: string): Concept => ({ code, label, tags: [] });
const concepts = [
  concept('1f415', 'dog'),
  concept('2764', 'red heart'),
  concept('1f40c', 'snail'),
  concept('1f0cf', 'joker'),
];

before(async () => {
  const assets = join(folder, 'node_modules', ...PACKAGE.split('/'), 'assets');
  await mkdir(assets, { recursive: true });
  await writeFile(join(assets, '..', 'package.json'), description('1.0.0'));
  await writeFile(join(assets, '1f415.webp'), await animation(FRAMES));
  await writeFile(join(assets, '2764-fe0f.webp'), await animation(8));
  await writeFile(join(assets, '1f40c.webp'), await animation(1)); // does not move
  await writeFile(join(assets, '1f415-1f3fb.webp'), await animation(2)); // no concept
});

const load = (frames = 4) => loadAnimations({ concepts, frames, edge: 10, cacheDir: join(folder, 'cache'), folder });

test('what moves and has a name is found in the packages that are there, as frames from its whole length', async () => {
  const animations = await load();
  assert.deepEqual(
    animations.map(({ concept }) => concept.label),
    ['dog', 'red heart'],
  );
  const reds = animations[0]?.frames.map((frame) => frame[4 * 55]);
  assert.deepEqual(
    reds,
    [1, 4, 7, 10].map((frame) => 20 * frame),
  );
  assert.equal(animations[0]?.frames[0]?.[3], 0);
});

test('what is decoded is kept in one file and read from there, until a package changes or a bit flips', async (context) => {
  const progress: number[] = [];
  const options = { concepts, frames: 3, edge: 8, cacheDir: join(folder, 'kept'), folder };
  const made = await loadAnimations({ ...options, onProgress: (done) => progress.push(done) });
  const again = await loadAnimations({ ...options, onProgress: () => assert.fail('decodes again') });
  assert.deepEqual(again, made);
  assert.deepEqual(progress, [1, 2]);
  const [kept, ...more] = await readdir(options.cacheDir);
  assert.deepEqual(more, []);
  const bytes = await readFile(join(options.cacheDir, kept as string));
  bytes[9] = (bytes[9] as number) ^ 1;
  await writeFile(join(options.cacheDir, kept as string), bytes);
  const warned = context.mock.method(process, 'emitWarning', () => {});
  assert.deepEqual(await loadAnimations(options), made);
  assert.equal(warned.mock.callCount(), 1);
  await writeFile(join(folder, 'node_modules', ...PACKAGE.split('/'), 'package.json'), description('1.0.1'));
  await loadAnimations(options);
  assert.equal((await readdir(options.cacheDir)).length, 2);
});

test('animations become a set with splits that share none', async () => {
  const counts = { train: 1, val: 0, test: 1 };
  const world = animationWorld({ animations: await load(), seed: 1, size: 24, counts });
  const [train, gallery] = (['train', 'test'] as const).map((split) => worldSet(world, { split, count: 1 }));
  const told = [train, gallery].map((set) => set?.items[0]?.captions[0]);
  assert.deepEqual(told.toSorted(), ['a video of dog', 'a video of red heart']);
  assert.equal(train?.items[0]?.kind, 'video');
  const frames = (await train?.frames(0, [0.1, 0.9])) ?? [];
  assert.notDeepEqual(frames[0], frames[1]);
  assert.throws(() => worldSet(world, { split: 'test', count: 2 }), { code: 'data', message: /there are 2 in all/ });
});

test('where no package is installed, the error says how to get one', async () => {
  const nowhere = join(folder, 'nowhere');
  await mkdir(nowhere);
  await assert.rejects(
    loadAnimations({ concepts, edge: 8, cacheDir: nowhere, folder: tmpdir() }),
    (error) =>
      error instanceof UniAdapterError && /npm install .*@lobehub\/fluent-emoji-anim-1/.test(error.problem.fix ?? ''),
  );
});
