// A world written to a folder: images or clips and a manifest, a dataset like any user's. Complete or not at all.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Pixels } from '../../data/image/index.js';
import { fewAtOnce, type MediaSet, SPLIT_NAMES, type Split } from '../../data/items/index.js';
import { positions } from '../../data/video/index.js';
import { fail } from '../../error/index.js';
import { buildFolder, found, makeFolder } from '../../files/files.js';
import { sharp } from '../../node/native/native.js';
import { type World, worldSet } from './set.js';

export interface WorldFolder {
  /** Items by split; with twins there are twice as many. */
  readonly counts: Readonly<Partial<Record<Split, number>>>;
  /** Captions per item, the complete one first; default 5. */
  readonly captions?: Readonly<Partial<Record<Split, number>>>;
  /** Puts the twin of each item of `'val'` and `'test'` behind it. Default false. */
  readonly twins?: boolean;
  /** Of pictures; clips are always animated WebP. */
  readonly format: 'png' | 'webp';
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Aborting it removes what is there so far, and throws its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Writes media and `manifest.jsonl` (path, id, split, captions, questions with answers and types).
 *
 * @throws `file` if `folder` exists already or cannot be written, `data` if the world has not so many items
 */
export async function writeWorld(folder: string, world: World, options: WorldFolder): Promise<void> {
  const target = resolve(folder);
  if (await found(target))
    fail('file', { where: target, what: 'the folder exists already', fix: 'remove it or choose another' });
  await makeFolder(dirname(target));
  await buildFolder(target, 0, async (temporary) => {
    await writeSplits(temporary, world, options);
    return false;
  });
}

async function writeSplits(
  folder: string,
  world: World,
  { counts, captions, twins = false, format, onProgress, signal }: WorldFolder,
): Promise<void> {
  await mkdir(join(folder, MEDIA[world.kind]), { recursive: true });
  const sets = SPLIT_NAMES.map((split) => ({
    set: worldSet(world, { split, count: counts[split] ?? 0, twins: twins && split !== 'train' }),
    captions: captions?.[split] ?? 5,
  }));
  const total = sets.reduce((sum, { set }) => sum + set.items.length, 0);
  const lines: string[] = [];
  let done = 0;
  for (const { set, captions } of sets) {
    const some = await fewAtOnce(set.items.length, async (index) => {
      const line = await writeItem(folder, world, set, index, { captions, format });
      signal?.throwIfAborted();
      onProgress?.({ done: ++done, total });
      return line;
    });
    for (const line of some) lines.push(line);
  }
  await writeFile(join(folder, 'manifest.jsonl'), `${lines.join('\n')}\n`);
}

const MEDIA = { image: 'images', video: 'clips' } as const;

/** @returns the item's line of the manifest */
async function writeItem(
  folder: string,
  { kind, frames }: World,
  set: MediaSet,
  index: number,
  { captions, format }: { readonly captions: number; readonly format: 'png' | 'webp' },
): Promise<string> {
  const { items } = set;
  const item = items[index] as (typeof items)[number];
  const path = `${MEDIA[kind]}/${item.id}.${kind === 'image' ? format : 'webp'}`;
  const pictures = await set.frames(index, positions(frames, null));
  await writeFile(join(folder, path), await (kind === 'image' ? encode(pictures, format) : animate(pictures)));
  const questions = item.questions.map(({ question, answers, type }) => ({ question, answers, type }));
  return JSON.stringify({
    id: item.id,
    [kind]: path,
    split: item.split,
    captions: item.captions.slice(0, captions),
    ...(questions.length > 0 && { questions }),
  });
}

export function encode([picture]: readonly Pixels[], format: 'png' | 'webp'): Promise<Buffer> {
  const { width, height, data } = picture as Pixels;
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return (format === 'png' ? image.png() : image.webp({ quality: 90 })).toBuffer();
}

/** How long a frame of a clip is shown. */
const FRAME_MS = 150;

/**
 * An animated WebP within 2 levels of every pixel; lossy ones err by 80 on small things. Equal frames in a row become
 * one that is shown as much longer, so a reader has to go by time.
 */
export function animate(pictures: readonly Pixels[]): Promise<Buffer> {
  const { width, height } = pictures[0] as Pixels;
  const raw = { width, height: height * pictures.length, channels: 3 as const, pageHeight: height };
  const delay = pictures.map(() => FRAME_MS);
  return sharp(Buffer.concat(pictures.map(({ data }) => data)), { raw })
    .webp({ nearLossless: true, quality: 60, loop: 0, delay })
    .toBuffer();
}
