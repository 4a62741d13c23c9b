// One's own data: a manifest; a folder with manifests inside; or a folder of files that have their captions beside them.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fail } from '../../error/index.js';
import { readText, refuse } from '../../files/files.js';
import {
  fewAtOnce,
  type Item,
  type LeftOut,
  leftOut,
  mergeItems,
  parseManifest,
  parseManifests,
  type TableFormat,
} from '../items/index.js';
import { type Walk, walk } from '../media/walk.js';
import { LAYOUTS, readCaptionFiles } from './caption-files.js';
import type { ReadOptions, Source } from './source.js';
import { isPlain, spellingIn } from './spelling.js';

const FORMATS: ReadonlyMap<string, TableFormat> = new Map([
  ...(['.jsonl', '.ndjson'] as const).map((extension) => [extension, 'jsonl'] as const),
  ...(['.csv', '.tsv'] as const).map((extension) => [extension, 'csv'] as const),
]);
/** Other files in which people keep texts. */
const OTHER_TABLES = new Set(['.json', '.parquet', '.xls', '.xlsx', '.ods', '.arrow']);

/**
 * Reads a manifest, or a folder: its manifests, or text files in which each line is a caption of the image or clip of the
 * same name.
 *
 * @param walked  the folder, if it was looked through already; what that left out is known then
 */
export async function readManifest(path: string, options: ReadOptions = {}, walked?: Walk): Promise<Source> {
  const info = await stat(path).catch((cause) =>
    fail('file', { where: path, what: 'cannot be opened', got: cause.code, fix: LAYOUTS, cause }),
  );
  if (!info.isDirectory()) return readFile(path, options);
  const names = await readdir(path).catch((error) => refuse(error, path, 0));
  const tables = tablesAmong(names);
  const other = otherTables(names, tables);
  if (tables.length === 0) {
    const found = walked ?? (await walk(path));
    const source = await readCaptionFiles(path, found, other);
    return { ...source, leftOut: [...(walked ? [] : found.leftOut), ...(source.leftOut ?? []), ...other] };
  }
  const source =
    tables.length === 1
      ? await readFile(join(path, tables[0] as string), options)
      : await readFiles(path, tables, options);
  return { ...source, leftOut: [...(source.leftOut ?? []), ...other] };
}

async function readFile(path: string, options: ReadOptions): Promise<Source> {
  const format = formatOf(path);
  if (!format)
    fail('data', { where: path, what: 'is no manifest', got: extname(path), expected: '.jsonl or .csv', fix: LAYOUTS });
  return spelled(
    {
      source: path,
      folder: dirname(path),
      manifests: [basename(path)],
      ...parseManifest(await readText(path), format),
    },
    options,
  );
}

/** Captions and questions that are written down apart. */
async function readFiles(folder: string, names: readonly string[], options: ReadOptions): Promise<Source> {
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      text: await readText(join(folder, name)),
      format: formatOf(name) as TableFormat,
    })),
  );
  return spelled({ source: folder, folder, manifests: names, ...parseManifests(files) }, options);
}

const formatOf = (path: string): TableFormat | undefined => FORMATS.get(extname(path).toLowerCase());

/** `captions.csv` is `captions`, if it can be a manifest. */
const purposeOf = (name: string): string | undefined =>
  formatOf(name) && name.slice(0, -extname(name).length).toLowerCase();

/** The manifests to read of those in a folder: captions and questions belong together. */
function tablesAmong(names: readonly string[]): readonly string[] {
  const formats = [...FORMATS.keys()];
  const rank = (name: string) => formats.indexOf(extname(name).toLowerCase());
  const sorted = [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const find = (purpose: string) => sorted.find((name) => purposeOf(name) === purpose) ?? [];
  const choices = [find('manifest'), ['captions', 'questions'].flatMap(find), find('metadata')].map((one) =>
    [one].flat(),
  );
  return choices.find(({ length }) => length > 0) ?? [];
}

function otherTables(names: readonly string[], read: readonly string[]): readonly LeftOut[] {
  const isTable = (name: string) => formatOf(name) !== undefined || OTHER_TABLES.has(extname(name).toLowerCase());
  const other = names.filter((name) => !name.startsWith('.') && isTable(name) && !read.includes(name)).sort();
  return leftOut(
    'warning',
    ['file is not read, which may hold texts', 'files are not read, which may hold texts'],
    other,
  );
}

/** With the paths that files have on disk; entries that turn out to be about the same file are merged. */
async function spelled<S extends Source>(source: S, { mediaRoot }: ReadOptions): Promise<S> {
  if (source.items.every(({ media }) => isPlain(media))) return source;
  const spellingOf = spellingIn(mediaRoot ?? source.folder);
  const media = await fewAtOnce(source.items.length, (i) => spellingOf((source.items[i] as Item).media));
  if (source.items.every((item, i) => item.media === media[i])) return source;
  const flaws = [...source.flaws];
  const items = source.items.map((item, i): Item => ({ ...item, media: media[i] as string }));
  return { ...source, items: mergeItems(items, flaws), flaws };
}
