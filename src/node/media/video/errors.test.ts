// What is wrong with a video is said with its name, and nothing stays behind.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UniAdapterError } from '../../../error/index.js';
import { temporaryFolder } from '../../toy.test-support.js';
import { counting, numberOf, writeClip } from './clip.test-support.js';
import { videoFrames, videoInfo } from './index.js';
import { loadLibrary } from './library.js';

const folder = temporaryFolder();
const FRAMES = counting(100);
const whole = join(folder, 'whole.mp4');
before(async () => {
  await writeClip(whole, [{ frames: FRAMES, bFrames: 2, gop: 20 }], { options: { movflags: 'faststart' } });
});

async function changed(name: string, change: (bytes: Buffer) => Buffer, source = whole): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, change(await readFile(source)));
  return path;
}

const refused = (work: Promise<unknown>, code: string, ...parts: readonly (string | RegExp)[]) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof UniAdapterError, `${error}`);
    for (const part of parts) assert.match(error.message, part instanceof RegExp ? part : new RegExp(part));
    return error.code === code;
  });

test('a video that is cut off gives the frames it has and says how far it goes', async () => {
  for (const [container, options] of [
    ['mp4', { movflags: 'faststart' }],
    ['mkv', {}],
    ['flv', {}],
  ] as const) {
    const source = await writeClip(join(folder, `source.${container}`), [{ frames: FRAMES, gop: 20 }], { options });
    const path = await changed(`cut.${container}`, (bytes) => bytes.subarray(0, bytes.length / 2), source);
    assert.deepEqual((await videoFrames(path, [0, 0.1, 0.2])).map(numberOf), [0, 10, 20]);
    await refused(
      videoFrames(path, [0.1, 0.9]),
      'data',
      `^${path}: is damaged or cut off .*up to [12]\\.\\d\\d s of 4\\.00 s`,
    );
  }
});

test('a video without its index is refused', async () => {
  const source = await writeClip(join(folder, 'index-last.mp4'), [{ frames: FRAMES }]);
  const path = await changed('no-index.mp4', (bytes) => bytes.subarray(0, bytes.length / 2), source);
  await refused(videoFrames(path, [0.5]), 'data', `^${path}: .*cut off`);
  await refused(videoInfo(path), 'data', `^${path}: .*cut off`);
});

/** Changes bytes of pictures, which lie between `mdat` and the end, from a share of them on. */
const spoil = (from: number, change: (bytes: Buffer) => void) => (bytes: Buffer) => {
  const start = bytes.indexOf('mdat') + 4;
  change(bytes.subarray(Math.floor(start + from * (bytes.length - start))));
  return bytes;
};

/** One is refused by the decoder, the other concealed. Both hit pictures soon after frame 40 of 100, which last 4 s. */
const DAMAGES = {
  noise: spoil(0.53, (bytes) => bytes.fill(0x55, 0, 90)),
  'a changed byte': spoil(0.512, (bytes) => bytes.writeUInt8(bytes.readUInt8() ^ 0x5a)),
};

for (const [name, damage] of Object.entries(DAMAGES))
  test(`${name} in the pictures is an error up to the next keyframe, and nowhere else`, async () => {
    const path = await changed(`${name}.mp4`, damage);
    const at = (frame: number) =>
      videoFrames(path, [(frame + 0.5) / 100]).then(
        ([shown]) => shown && numberOf(shown),
        (error: UniAdapterError) => error.message,
      );
    for (const frame of [5, 17, 39, 60, 97]) assert.equal(await at(frame), frame);
    for (const frame of [50, 59]) assert.match(`${await at(frame)}`, /damaged.*up to 1\.[6-9]\d s of 4\.00 s/);
  });

test('other things than videos are refused', async () => {
  const text = await changed('text.mp4', () => Buffer.from('hello'));
  await refused(videoFrames(text, [0]), 'data', `^${text}: cannot be opened: got nothing known`);
  const sound = await writeClip(join(folder, 'sound.mov'), [], { extras: ['sound'] });
  await refused(videoFrames(sound, [0]), 'data', `^${sound}: has no video stream: got sound or text only`);
  const cover = await writeClip(join(folder, 'cover.m4a'), [], { container: 'mp4', extras: ['sound', 'cover'] });
  await refused(videoInfo(cover), 'data', `^${cover}: has no video stream: got sound with a cover picture`);
});

test('lists of other files and addresses are not followed', async () => {
  const list = await changed('list.mp4', () => Buffer.from('ffconcat version 1.0\nfile whole.mp4\n'));
  await refused(videoFrames(list, [0]), 'data', 'cannot be opened');
  const playlist = await changed('list.ts', () => Buffer.from('#EXTM3U\n#EXTINF:3,\nwhole.mp4\n#EXT-X-ENDLIST\n'));
  await refused(videoFrames(playlist, [0]), 'data', 'cannot be opened');
});

test('a codec that is not known is named', async () => {
  const path = await changed('codec.mp4', (bytes) =>
    Buffer.from(bytes.toString('latin1').replaceAll('avc1', 'zz01'), 'latin1'),
  );
  await refused(videoFrames(path, [0]), 'data', `^${path}: has a video codec that is not known: got zz01`);
});

test('a video without frames, or with none that is sound, is refused', async () => {
  const source = await writeClip(join(folder, 'short.mkv'), [{ frames: FRAMES.slice(0, 3) }]);
  const cluster = Buffer.of(0x1f, 0x43, 0xb6, 0x75);
  const header = await changed('header.mkv', (bytes) => bytes.subarray(0, bytes.indexOf(cluster)), source);
  await refused(videoFrames(header, [0.5]), 'data', `^${header}: cannot be opened: got a header and nothing else`);
  const noise = await changed('noise.mp4', (bytes) => bytes.fill(0x55, bytes.indexOf('mdat') + 4));
  await refused(videoFrames(noise, [0.5]), 'data', `^${noise}: has no frame that can be decoded`);
});

test('frames that would be too large are refused before they are decoded', async () => {
  const track = { frames: counting(1, 1600, 1200), encoder: 'mjpeg', pixelFormat: 'yuvj420p' };
  const path = await writeClip(join(folder, 'huge.mkv'), [{ ...track, sampleAspectRatio: [60, 1] }]);
  const message = `^${path}: is too large: got 96000×1200 pixels, expected at most 100 megapixels`;
  await refused(videoFrames(path, [0]), 'data', message);
  await refused(videoInfo(path), 'data', message);
});

test('without the library the error says how to get it', async () => {
  const { optionalDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const missing = () => Promise.reject(new Error("Cannot find package 'node-av'"));
  await refused(
    loadLibrary('clip.mp4', missing),
    'runtime',
    `^clip.mp4: needs the package node-av.*Cannot find package.*npm install node-av@${optionalDependencies['node-av']}$`,
  );
});

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

test('hundreds of calls, failing ones too, leave no memory behind', async () => {
  const broken = await changed('broken.mp4', (bytes) => bytes.subarray(0, bytes.length / 2));
  const round = async () => {
    await videoFrames(whole, [0.1, 0.5, 0.9]);
    await videoFrames(broken, [0.1, 0.9]).catch(() => undefined);
  };
  for (let i = 0; i < 60; i++) await round();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 200; i++) await round();
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  assert.ok(grown < 40, `${grown.toFixed(1)} MiB more`); // a frame or context that is kept costs 0.1 MiB and more each
});

test('the process ends by itself and says nothing', async () => {
  const program = `
    import { videoFrames } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    console.log((await videoFrames(${JSON.stringify(whole)}, [0.5])).length);`;
  const node = [process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]] as const;
  const { stdout, stderr } = await promisify(execFile)(...node, { cwd: ROOT, timeout: 60_000 });
  assert.deepEqual({ stdout, stderr }, { stdout: '1\n', stderr: '' });
});
