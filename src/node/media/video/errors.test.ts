// What is wrong with a video is said with its name, and nothing stays behind.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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
    `^clip.mp4: needs the package node-av.*Cannot find package.*npm install --include=optional node-av@${optionalDependencies['node-av']}, or `,
  );
});

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Methods by which something of the library is taken, and given back. */
const OWNED = {
  Packet: ['alloc', 'free', Symbol.dispose],
  Frame: ['alloc', 'free', Symbol.dispose],
  CodecContext: ['allocContext3', 'freeContext'],
  FilterGraph: ['alloc', 'free'],
  FormatContext: ['openInput', 'closeInput'],
} as const;

type Methods = Record<string | symbol, (...given: unknown[]) => unknown>;

/** How many of each type were taken, and the types of those that are not given back, while `work` was done. */
async function owned(work: () => Promise<void>): Promise<{ taken: Record<string, number>; kept: string[] }> {
  const { av } = await loadLibrary(whole);
  const kept = new Map<object, string>();
  const taken: Record<string, number> = {};
  const restore: (() => void)[] = [];
  for (const [type, [takes, ...frees]] of Object.entries(OWNED)) {
    const methods = av[type as keyof typeof OWNED].prototype as unknown as Methods;
    for (const name of [takes, ...frees]) {
      const method = methods[name] ?? assert.fail(`${type} has no ${String(name)}`);
      methods[name] = function (this: object, ...given) {
        if (name === takes) taken[type] = (taken[type] ?? 0) + 1;
        if (name === takes) kept.set(this, type);
        else kept.delete(this);
        return method.apply(this, given);
      };
      restore.push(() => Object.assign(methods, { [name]: method }));
    }
  }
  await work().finally(() => restore.forEach((again) => void again()));
  return { taken, kept: [...kept.values()] };
}

test('what a call takes of the library it gives back, also when it fails', async () => {
  const half = await changed('half.mp4', (bytes) => bytes.subarray(0, bytes.length / 2));
  const text = await changed('hello.mp4', () => Buffer.from('hello'));
  const far = await writeClip(join(folder, 'far.mkv'), [{ frames: FRAMES, gop: 5, fps: 2 }]);
  const { taken, kept } = await owned(async () => {
    for (const path of [whole, far, half, text])
      for (const look of [() => videoFrames(path, [0.1, 0.5, 0.9]), () => videoInfo(path)])
        await look().catch((error) => assert.ok(error instanceof UniAdapterError, error));
  });
  assert.deepEqual(kept, []);
  assert.deepEqual(Object.keys(taken).sort(), Object.keys(OWNED).sort());
});

test('pictures leave no memory behind', async () => {
  const frames = counting(60, 320, 240);
  const path = await writeClip(join(folder, 'larger.mp4'), [{ frames, gop: 60 }]);
  const calls = async (count: number) => {
    for (let i = 0; i < count; i++) await videoFrames(path, [0.1, 0.5, 0.9]);
    collectGarbage();
    return process.memoryUsage().rss / 2 ** 20;
  };
  const before = await calls(5);
  const grown = (await calls(10)) - before;
  assert.ok(grown < 30, `${grown.toFixed(1)} MiB more`); // a picture that is kept costs 0.1 MiB, and a call decodes 50
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

test('the process ends by itself and says nothing', async () => {
  const program = `
    import { videoFrames } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    console.log((await videoFrames(${JSON.stringify(whole)}, [0.5])).length);`;
  const node = [process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]] as const;
  const { stdout, stderr } = await promisify(execFile)(...node, { cwd: ROOT, timeout: 60_000 });
  assert.deepEqual({ stdout, stderr }, { stdout: '1\n', stderr: '' });
});
