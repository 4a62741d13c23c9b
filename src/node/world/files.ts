// The world as a dataset: rendered on demand for training, or written to a folder of images with a manifest.
// Splits are far apart ranges of indices of one seed, so no number of training scenes ever meets the test scenes.
import { randomBytes } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import type { Item, MediaSet, Split } from '../../data/index.js';
import { fail } from '../../error/index.js';
import type { Pixels } from '../../image/index.js';
import { type Stream, stream } from '../../random/index.js';
import {
  type AskOptions,
  type Atlas,
  ask,
  type Concept,
  type DomainName,
  describe,
  drawNaming,
  drawScene,
  type Mode,
  nameConcept,
  type Question,
  renderScene,
  type Scene,
  type SceneQuestionType,
  seenConcepts,
} from '../../world/index.js';

/** One art style and how often it is drawn, relative to the others. */
export interface StyleShare {
  readonly atlas: Atlas;
  readonly share: number;
}

/** Single pictures of named concepts among the scenes. */
export interface Naming {
  /** Of all pictures, 0…1. */
  readonly share: number;
  readonly concepts: readonly Concept[];
  /** Naming atlases; one is picked at random among those that hold the concept. */
  readonly atlases: readonly Atlas[];
}

export interface WorldOptions {
  readonly domain: DomainName;
  readonly styles: readonly StyleShare[];
  /** u32 */
  readonly seed: number;
  /** How many items; millions are fine for `'train'`, where captions are made when they are read. */
  readonly count: number;
  /** Edge of the pictures in pixels. */
  readonly size: number;
  /** Default `'train'`. */
  readonly split?: Split;
  /** Which (noun, tint) pairs. Default `'train'`: all but the held-out ones. */
  readonly mode?: Mode;
  readonly naming?: Naming;
  /** What is asked about a scene. Default: three questions of different types, all as likely. */
  readonly asking?: AskOptions<SceneQuestionType>;
}

const FIRST_INDEX: Readonly<Record<Split, number>> = { train: 0, val: 2 ** 40, test: 2 ** 41 };

/** What one index of the world shows and says. */
interface Sample {
  readonly scene: Scene;
  readonly atlas: Atlas;
  readonly captions: readonly string[];
  readonly questions: readonly Question[];
}

/**
 * A set whose pictures are rendered whenever they are asked for; nothing is stored. For endless training take as many
 * items as the run will ever draw. The first captions of `'val'` and `'test'` sets are all different.
 *
 * @example
 * const noto = await loadAtlas('noto', cacheDir)
 * const set = worldSet({ domain: 'noto', styles: [{ atlas: noto, share: 1 }], seed: 1, count: 300000, size: 64 })
 */
export function worldSet(options: WorldOptions): MediaSet {
  const { split = 'train', count, size } = options;
  const sampleAt = sampler(options);
  const indices = split === 'train' ? null : distinctIndices(sampleAt, FIRST_INDEX[split], count);
  const indexOf = (position: number) => (indices ? (indices[position] as number) : FIRST_INDEX[split] + position);
  return {
    items: Array.from({ length: count }, (_, position) =>
      lazyItem(options.domain, split, position, () => sampleAt(indexOf(position))),
    ),
    async frames(position, at) {
      const { scene, atlas } = sampleAt(indexOf(position));
      const picture = renderScene(scene, atlas, size);
      return at.map(() => picture);
    },
  };
}

function lazyItem(domain: DomainName, split: Split, position: number, sample: () => Sample): Item {
  const id = `${domain}-${split}-${position}`;
  return {
    id,
    media: `${id}.png`,
    kind: 'image',
    split,
    line: position + 1,
    get captions() {
      return sample().captions;
    },
    get questions() {
      return sample().questions.map(({ question, answer, type }, i) => ({
        ...{ id: `${id}#${i + 1}`, question, answers: [answer], type },
      }));
    },
  };
}

/** Index → sample, the same one every time. */
function sampler({ domain, styles, seed, mode = 'train', naming, asking }: WorldOptions): (index: number) => Sample {
  const name = naming && namer(naming, seed);
  const pickStyle = stylePicker(styles);
  return (index) => {
    const draws = stream(seed, 'style and wording', index);
    if (name && draws.uniform() < naming.share) return name(draws, index);
    const atlas = pickStyle(draws);
    const scene = drawScene(domain, seed, index, mode);
    const captions = describe(scene, draws);
    return { scene, atlas, captions, questions: ask(scene, domain, stream(seed, 'questions', index), asking) };
  };
}

function stylePicker(styles: readonly StyleShare[]): (draws: Stream) => Atlas {
  const total = styles.reduce((sum, { share }) => sum + share, 0);
  if (!(total > 0))
    fail('data', { where: 'world', what: 'no art style has a share', expected: 'at least one above 0' });
  return (draws) => {
    let left = draws.uniform() * total;
    for (const { atlas, share } of styles) {
      left -= share;
      if (left < 0) return atlas;
    }
    return (styles.at(-1) as StyleShare).atlas;
  };
}

function namer({ concepts, atlases }: Naming, seed: number): (draws: Stream, index: number) => Sample {
  const holding = (code: string) => atlases.filter(({ sprites }) => sprites.has(code));
  const pictured = seenConcepts(concepts).filter(({ code }) => holding(code).length > 0);
  if (!pictured.length) fail('data', { where: 'world', what: 'no naming atlas has a picture of any concept' });
  return (draws, index) => {
    const concept = draws.pick(pictured);
    const atlas = draws.pick(holding(concept.code));
    const captions = nameConcept(concept, draws);
    return { scene: drawNaming(concept, seed, index), atlas, captions, questions: [] };
  };
}

/** The first `count` indices from `first` on whose first captions are all different. */
function distinctIndices(sampleAt: (index: number) => Sample, first: number, count: number): readonly number[] {
  const seen = new Set<string>();
  const indices: number[] = [];
  for (let index = first; indices.length < count; index++) {
    const [caption = ''] = sampleAt(index).captions;
    if (!seen.has(caption)) indices.push(index);
    seen.add(caption);
    if (index - first > 100 * count)
      fail('data', { where: 'world', what: 'too few different captions for this gallery', expected: `${count} items` });
  }
  return indices;
}

export interface WorldFolder extends Omit<WorldOptions, 'count' | 'split'> {
  readonly counts: Readonly<Partial<Record<Split, number>>>;
  /** Captions per picture, the complete one first; default 5. */
  readonly captions?: Readonly<Partial<Record<Split, number>>>;
  readonly format: 'png' | 'webp';
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Writes images and `manifest.jsonl` (image, id, split, five captions) as a dataset like any user's. The folder
 * appears complete or not at all.
 *
 * @throws `file` if `folder` exists already or cannot be written
 */
export async function writeWorld(folder: string, options: WorldFolder): Promise<void> {
  const target = resolve(folder);
  if (await isThere(target))
    fail('file', { where: target, what: 'the folder exists already', fix: 'remove it or choose another' });
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeSplits(temporary, options);
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    const fix = 'choose a folder that does not exist yet, on a disk with room';
    fail('file', { where: target, what: 'the dataset cannot be written', got: String(cause), fix, cause });
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Pictures that are encoded at the same time. */
const AT_ONCE = 16;

async function writeSplits(
  folder: string,
  { counts, captions: wanted, format, onProgress, ...world }: WorldFolder,
): Promise<void> {
  await mkdir(join(folder, 'images'), { recursive: true });
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const lines: string[] = [];
  let done = 0;
  for (const split of ['train', 'val', 'test'] as const) {
    const set = worldSet({ ...world, split, count: counts[split] ?? 0 });
    for (let first = 0; first < set.items.length; first += AT_ONCE) {
      const some = set.items.slice(first, first + AT_ONCE).map(async ({ id, captions }, i) => {
        const image = `images/${id}.${format}`;
        await writeFile(join(folder, image), await encode((await set.frames(first + i, [0.5]))[0] as Pixels, format));
        onProgress?.({ done: ++done, total });
        return JSON.stringify({ id, image, split, captions: captions.slice(0, wanted?.[split] ?? 5) });
      });
      lines.push(...(await Promise.all(some)));
    }
  }
  await writeFile(join(folder, 'manifest.jsonl'), `${lines.join('\n')}\n`);
}

function encode({ width, height, data }: Pixels, format: 'png' | 'webp'): Promise<Buffer> {
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return (format === 'png' ? image.png() : image.webp({ quality: 90 })).toBuffer();
}
