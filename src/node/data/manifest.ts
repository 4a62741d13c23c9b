// One's own data: a manifest; a folder with a manifest inside; or a folder of files that have their captions beside them.
import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { type Flaw, type Item, parseManifest } from '../../data/index.js';
import { fail } from '../../error/index.js';
import { readText } from '../files.js';
import { isMedia } from '../media/extensions.js';
import { mediaKind } from '../media/kind.js';
import type { Source } from './source.js';

/** Manifests that are looked for in a folder, in this order. */
const MANIFEST_NAMES = ['manifest', 'captions', 'questions', 'metadata'].flatMap((name) => [
  `${name}.jsonl`,
  `${name}.csv`,
]);
const FORMATS: Readonly<Record<string, 'jsonl' | 'csv'>> = { '.jsonl': 'jsonl', '.ndjson': 'jsonl', '.csv': 'csv' };
const LAYOUTS =
  'give a .jsonl or .csv manifest, a folder that holds manifest.jsonl or captions.csv, ' +
  'or a folder of images or clips with a .txt of the same name each';

/** Reads a manifest, or a folder in whose text files each line is a caption of the image or clip of the same name. */
export async function readManifest(path: string): Promise<Source> {
  const info = await stat(path).catch((cause) =>
    fail('file', { where: path, what: 'cannot be opened', got: cause.code, fix: LAYOUTS, cause }),
  );
  if (!info.isDirectory()) return readFile(path);
  const names = await readdir(path);
  const manifest = MANIFEST_NAMES.find((name) => names.includes(name));
  return manifest === undefined ? readCaptionFiles(path) : readFile(join(path, manifest));
}

async function readFile(path: string): Promise<Source> {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format)
    fail('data', { where: path, what: 'is no manifest', got: extname(path), expected: '.jsonl or .csv', fix: LAYOUTS });
  return { source: path, folder: dirname(path), ...parseManifest(await readText(path), format) };
}

/** Every image or clip below a folder with the lines of the text file beside it. */
async function readCaptionFiles(folder: string): Promise<Source> {
  const files = (await readdir(folder, { recursive: true })).sort();
  const present = new Set(files);
  const media = files.filter(isMedia);
  const items: Item[] = [];
  const flaws: Flaw[] = [];
  for (const [i, file] of media.entries()) {
    const name = file.replaceAll('\\', '/');
    const text = `${file.slice(0, -extname(file).length)}.txt`;
    const lines = present.has(text) ? (await readText(join(folder, text))).split('\n') : [];
    const captions = lines.map((line) => line.trim()).filter(Boolean);
    const got = present.has(text) ? 'an empty text file' : 'no text file';
    if (captions.length > 0)
      items.push({
        id: name,
        media: name,
        kind: await mediaKind(join(folder, file)),
        captions,
        questions: [],
        line: i + 1,
      });
    else flaws.push({ line: i + 1, media: name, what: 'has no caption', got, expected: 'a .txt of the same name' });
  }
  if (items.length === 0) fail('data', { where: folder, what: 'holds no images or clips with captions', fix: LAYOUTS });
  return { source: folder, folder, items, flaws };
}
