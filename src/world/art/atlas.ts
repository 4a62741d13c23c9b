// Atlases from npm packages of openly licensed emoji art: rasterised once with sharp, then read from one cache file.
// The packages are development dependencies; an application that does not use the world never needs them.
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fewAtOnce } from '../../data/items/index.js';
import { fail } from '../../error/index.js';
import { sharp } from '../../node/native/native.js';
import { hash } from '../../random/index.js';
import { type Atlas, type Concept, KINDS, makeSprite } from '../index.js';
import { cachedBytes } from './cache.js';
import { readJson, resolvePackage } from './packages.js';

export type Style = 'noto' | 'twemoji' | 'fluent3d';

const PACKAGES: Readonly<Record<Style, string>> = {
  noto: '@iconify-json/noto',
  twemoji: '@iconify-json/twemoji',
  fluent3d: '@lobehub/fluent-emoji-3d',
};
const NOUN_EDGE = 96;
const CONCEPT_EDGE = 64;
const FORMAT = 1;

/**
 * The atlas of the 167 nouns in one style.
 *
 * @param cacheDir  where the rasterised sprites are kept (6 MB); made if missing
 * @throws `file` if the style's package is not installed, `data` if it lacks a picture
 */
export function loadAtlas(style: Style, cacheDir: string): Promise<Atlas> {
  const codes = KINDS.map(({ code }) => code);
  return cachedAtlas(style, codes, NOUN_EDGE, cacheDir);
}

/**
 * The atlas of all concepts that a style has a picture of, for naming. Half a minute once, then one file of 27 MB.
 *
 * @throws `file` if the style's package is not installed
 */
export async function loadNamingAtlas(style: Style, concepts: readonly Concept[], cacheDir: string): Promise<Atlas> {
  const pictures = await picturesOf(style);
  const codes = concepts.map(({ code }) => code).filter((code) => pictures.has(code));
  return cachedAtlas(style, codes, CONCEPT_EDGE, cacheDir);
}

/**
 * All emoji concepts with names and tags: emojibase's English data without flags, components and skin tones.
 *
 * @throws `file` if emojibase-data is not installed
 */
export async function loadConcepts(): Promise<readonly Concept[]> {
  const entries = await readJson<readonly EmojibaseEntry[]>('emojibase-data', 'en/data.json');
  return entries
    .filter(({ group }) => group !== undefined && group !== 2 && group !== 9)
    .map(({ hexcode, label, tags = [] }) => ({
      code: plainCode(hexcode),
      label: plainWords(label),
      tags: tags.map(plainWords).filter((tag) => /^[\w' -]+$/.test(tag)), // a few tags are signs such as ÷
    }));
}

interface EmojibaseEntry {
  readonly hexcode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
}

/** A code point's key: lower case, without variation selectors. */
export const plainCode = (code: string) => code.toLowerCase().replaceAll('-fe0f', '');

/** Lower case without quotation marks, brackets and colons: "family: man, woman" → "family man, woman". */
const plainWords = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[“”():!]/g, '');

/** Reads the cache file of these sprites or makes it. The name says what is inside, so a stale one is never read. */
async function cachedAtlas(style: Style, codes: readonly string[], edge: number, cacheDir: string): Promise<Atlas> {
  const bytesEach = edge * edge * 4;
  const { version } = await readJson<{ version: string }>(PACKAGES[style], 'package.json');
  const key = hash([FORMAT, edge, ...codes].join()).toString(16);
  const path = join(cacheDir, `${style}-${version}-${key}.rgba`);
  const bytes = await cachedBytes(path, codes.length * bytesEach, () => rasterise(style, codes, edge));
  const sprites = codes.map(
    (code, i) => [code, makeSprite(edge, bytes.subarray(i * bytesEach, (i + 1) * bytesEach))] as const,
  );
  return { style, sprites: new Map(sprites) };
}

/** All sprites in the order of `codes`, straight RGBA, one after the other. */
async function rasterise(style: Style, codes: readonly string[], edge: number): Promise<Uint8Array> {
  const pictures = await picturesOf(style);
  const sprites = await fewAtOnce(codes.length, async (i) => {
    const code = codes[i] as string;
    const picture = pictures.get(code);
    if (!picture) fail('data', { where: PACKAGES[style], what: `no picture of code point ${code}` });
    return rasteriseOne(picture(), edge);
  });
  return Buffer.concat(sprites);
}

/** Cuts the transparent rim off, so that "large" means the same for every noun. */
async function rasteriseOne(picture: Buffer | string, edge: number): Promise<Uint8Array> {
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const trimmed = await sharp(picture).ensureAlpha().trim({ background: clear, threshold: 8 }).png().toBuffer();
  return sharp(trimmed).resize(edge, edge, { fit: 'contain', background: clear }).raw().toBuffer();
}

/** Code point → what sharp can read: an SVG in memory or the path of a file. */
type Pictures = ReadonlyMap<string, () => Buffer | string>;

function picturesOf(style: Style): Promise<Pictures> {
  return style === 'fluent3d' ? fluentPictures() : iconifyPictures(PACKAGES[style]);
}

interface IconSet {
  readonly icons: Readonly<Record<string, Icon>>;
  readonly aliases?: Readonly<Record<string, { readonly parent: string }>>;
  readonly width?: number;
  readonly height?: number;
}
interface Icon {
  readonly body: string;
  readonly width?: number;
  readonly height?: number;
}

async function iconifyPictures(name: string): Promise<Pictures> {
  const set = await readJson<IconSet>(name, 'icons.json');
  const characters = await readJson<Readonly<Record<string, string>>>(name, 'chars.json');
  const pictures = new Map<string, () => Buffer>();
  for (const [code, iconName] of Object.entries(characters)) {
    const icon = set.icons[iconName] ?? set.icons[set.aliases?.[iconName]?.parent ?? ''];
    if (icon) pictures.set(plainCode(code), () => svgOf(icon, set));
  }
  return pictures;
}

function svgOf(icon: Icon, set: IconSet): Buffer {
  const width = icon.width ?? set.width ?? 16;
  const height = icon.height ?? set.height ?? 16;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"`;
  return Buffer.from(`${head} viewBox="0 0 ${width} ${height}" width="160" height="160">${icon.body}</svg>`);
}

async function fluentPictures(): Promise<Pictures> {
  const folder = join(dirname(resolvePackage(PACKAGES.fluent3d, 'package.json')), 'assets');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.webp'));
  return new Map(files.map((file) => [plainCode(file.slice(0, -'.webp'.length)), () => join(folder, file)]));
}
