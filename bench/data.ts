// Whether the pictures keep up with the step: batches of 32 made from 640 × 480 JPEG files on disk (decode, crop or
// resize, augment, normalise), and from pictures already decoded.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Preprocess } from '../src/data/image/index.js';
import { cached, type Item, type MediaSet, trainBatch, trainOrder } from '../src/data/items/index.js';
import { decodeImage } from '../src/node/media/picture/image.js';
import { stream } from '../src/random/index.js';
import type { Benchmark, BenchOptions, Row } from './benchmark.js';
import { row } from './benchmark.js';
import { takeTurns, type Workload } from './timing.js';

const BATCH = 32;
const FILES = 64;
const [WIDTH, HEIGHT] = [640, 480];

export const data: Benchmark = {
  name: 'data',
  about: `training batches of ${BATCH} from ${WIDTH} × ${HEIGHT} JPEG files`,
  async *run({ rounds }: BenchOptions): AsyncGenerator<Row> {
    const folder = await mkdtemp(join(tmpdir(), 'uniadapter-bench-'));
    try {
      const files = filesIn(await drawFiles(folder));
      const workloads = workloadsOn(files, cached(files, null, 2 ** 30));
      const seconds = await takeTurns(workloads, rounds);
      for (const { name } of workloads) yield row(name, 1 / (seconds.get(name) as number), 'batches/s');
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function workloadsOn(files: MediaSet, decoded: MediaSet): Workload[] {
  const workloads: Workload[] = [];
  for (const size of [224, 64])
    for (const augment of ['release', 'none'] as const)
      for (const [from, set] of Object.entries({ files, 'decoded pictures': decoded })) {
        const name = `${size} px, ${augment === 'none' ? 'whole pictures' : 'augmented'}, from ${from}`;
        workloads.push({
          name,
          run: () => batch(set, { size, augment, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] }),
        });
      }
  return workloads;
}

const batch = (set: MediaSet, preprocess: Preprocess) =>
  trainBatch(set, {
    order: trainOrder(set.items, () => 1, 0, 0),
    step: 0,
    epoch: 0,
    batch: BATCH,
    seed: 0,
    preprocess,
    frames: null,
    jitter: false,
  });

function filesIn(paths: readonly string[]): MediaSet {
  const items = paths.map(
    (path, i): Item => ({ id: path, media: path, kind: 'image', captions: ['a picture'], questions: [], line: i + 1 }),
  );
  return { items, frames: async (index) => [await decodeImage(paths[index] as string)] };
}

/** Soft random colours: they compress about as well as photographs do. */
async function drawFiles(folder: string): Promise<string[]> {
  const paths = Array.from({ length: FILES }, (_, i) => join(folder, `${i}.jpg`));
  for (const [i, path] of paths.entries()) {
    const draws = stream(i, 'bench picture', 0);
    const [width, height] = [WIDTH / 4, HEIGHT / 4];
    const raw = new Uint8Array(width * height * 3).map(() => draws.uniform() * 256);
    const picture = sharp(raw, { raw: { width, height, channels: 3 } })
      .resize(WIDTH, HEIGHT)
      .blur(2)
      .jpeg({ quality: 90 });
    await writeFile(path, await picture.toBuffer());
  }
  return paths;
}
