// Real animations with names that people gave: the Fluent animated emoji by Microsoft, MIT licence. Their four npm
// packages hold 709 MB, so they are no dependency: whichever of them are installed in the working folder are used.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fewAtOnce, type Split } from '../../data/items/index.js';
import { fail } from '../../error/index.js';
import { codeOf } from '../../files/refusal.js';
import { sharp } from '../../node/native/native.js';
import { hash, stream } from '../../random/index.js';
import { type Concept, drawNaming, makeSprite, nameConcept, renderScene } from '../index.js';
import { plainCode } from './atlas.js';
import { cachedBytes } from './cache.js';
import { once, type World } from './set.js';

const PACKAGES = [1, 2, 3, 4].map((part) => `@lobehub/fluent-emoji-anim-${part}`);
const FORMAT = 1;

export interface Animation {
  readonly concept: Concept;
  /** Each u8 [edge, edge, 4], straight alpha. */
  readonly frames: readonly Uint8Array[];
}

export interface AnimationOptions {
  readonly concepts: readonly Concept[];
  /** Frames kept of each, evenly spaced; default 8. */
  readonly frames?: number;
  /** Pixels a side. */
  readonly edge: number;
  /** Where decoded frames are kept; made if missing. */
  readonly cacheDir: string;
  /** Where the packages are looked for; default: the working folder. */
  readonly folder?: string;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * The animations of all concepts that the installed packages have. Decoding takes 0.2 s each once, then they are read
 * from one file.
 *
 * @throws `file` if none of the packages is installed
 */
export async function loadAnimations(options: AnimationOptions): Promise<readonly Animation[]> {
  const { concepts, frames = 8, edge, cacheDir, folder = process.cwd() } = options;
  const packages = installed(folder);
  const found = await animatedFiles(concepts, packages);
  const bytesEach = edge * edge * 4;
  const versions = await Promise.all(packages.map(versionOf));
  const key = hash([FORMAT, frames, edge, ...versions, ...found.map(({ concept }) => concept.code)].join()).toString(
    16,
  );
  const decodeAll = () => decode(found, { ...options, frames });
  const path = join(cacheDir, `animations-${found.length}-${key}.rgba`);
  const bytes = await cachedBytes(path, found.length * frames * bytesEach, decodeAll);
  return found.map(({ concept }, i) => ({
    concept,
    frames: Array.from({ length: frames }, (_, f) => {
      const start = (i * frames + f) * bytesEach;
      return bytes.subarray(start, start + bytesEach);
    }),
  }));
}

export interface AnimationWorldOptions {
  readonly animations: readonly Animation[];
  /** u32 */
  readonly seed: number;
  /** Edge of the pictures in pixels. */
  readonly size: number;
  /** Animations in each split; they follow each other in an order that the seed decides. */
  readonly counts: Readonly<Record<Split, number>>;
}

/** Named animations on drawn grounds. Nothing is asked about them, and none has a twin: backwards it has no name. */
export function animationWorld({ animations, seed, size, counts }: AnimationWorldOptions): World {
  const order = stream(seed, 'animations', 0).permutation(animations.length);
  const edge = Math.sqrt((animations[0]?.frames[0]?.length ?? 0) / 4);
  return {
    name: 'animations',
    kind: 'video',
    frames: animations[0]?.frames.length ?? 1,
    first: { train: 0, val: counts.train, test: counts.train + counts.val },
    end: animations.length,
    sample(index) {
      const { concept, frames } = animations[order[index] as number] as Animation;
      const scene = drawNaming(concept, seed, index);
      return {
        captions: once(() => nameConcept(concept, stream(seed, 'wording', index), 'video')),
        questions: () => [],
        render: (shown) =>
          shown.map((frame) => {
            const sprite = makeSprite(edge, frames[frame] as Uint8Array);
            return renderScene(scene, { style: 'animation', sprites: new Map([[concept.code, sprite]]) }, size);
          }),
      };
    },
    twins: () => null,
  };
}

interface Found {
  readonly concept: Concept;
  readonly path: string;
}

/** Files with more than one frame whose code point is a concept's, in the order of the concepts. */
async function animatedFiles(concepts: readonly Concept[], packages: readonly string[]): Promise<readonly Found[]> {
  const paths = new Map<string, string>();
  for (const assets of packages.map((folder) => join(folder, 'assets')))
    for (const name of await readdir(assets))
      if (name.endsWith('.webp')) paths.set(plainCode(name.slice(0, -'.webp'.length)), join(assets, name));
  const named = concepts.flatMap((concept) => {
    const path = paths.get(concept.code);
    return path === undefined ? [] : [{ concept, path }];
  });
  const pages = await fewAtOnce(
    named.length,
    async (i) => (await sharp((named[i] as Found).path).metadata()).pages ?? 1,
  );
  return named.filter((_, i) => (pages[i] as number) > 1);
}

/** Folders of the packages that can be found from a folder. */
function installed(folder: string): readonly string[] {
  const { resolve } = createRequire(join(folder, 'package.json'));
  const found = PACKAGES.flatMap((name) => {
    try {
      return [dirname(resolve(`${name}/package.json`))];
    } catch (error) {
      if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error;
      return [];
    }
  });
  if (found.length > 0) return found;
  fail('file', {
    where: folder,
    what: 'no animations are installed here',
    expected: `any of ${PACKAGES[0]} to -4, about 180 MB each`,
    fix: `npm install --no-save ${PACKAGES.join(' ')}`,
  });
}

async function versionOf(folder: string): Promise<string> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version;
}

/** All frames of all animations, one after the other. */
async function decode(
  found: readonly Found[],
  { frames, edge, onProgress }: AnimationOptions & { readonly frames: number },
): Promise<Uint8Array> {
  let done = 0;
  const decoded = await fewAtOnce(found.length, async (i) => {
    const some = await decodeOne((found[i] as Found).path, frames, edge);
    onProgress?.(++done, found.length);
    return some;
  });
  return Buffer.concat(decoded.flat());
}

/** The frames in the middles of equal parts of an animation, resized. */
async function decodeOne(path: string, frames: number, edge: number): Promise<readonly Uint8Array[]> {
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const data = await sharp(await readFile(path), { animated: true })
    .resize(edge, edge, { fit: 'contain', background: clear })
    .ensureAlpha()
    .raw()
    .toBuffer()
    .catch((cause) => fail('data', { where: path, what: 'cannot be decoded', got: String(cause), cause }));
  const bytesEach = edge * edge * 4;
  const pages = data.length / bytesEach;
  return Array.from({ length: frames }, (_, f) => {
    const page = Math.floor(((f + 0.5) / frames) * pages);
    return data.subarray(page * bytesEach, (page + 1) * bytesEach);
  });
}
