// Images and clips that lie beside a manifest and are in none of its entries.
import { relative, resolve, sep } from 'node:path';
import { type LeftOut, leftOut } from '../items/index.js';
import { walk } from '../media/walk.js';
import type { Dataset } from './dataset.js';
import { spellingIn } from './spelling.js';

/** Looks through the folder of a manifest's files. */
export async function unlisted({ root, listed: media, flaws }: Dataset): Promise<readonly LeftOut[]> {
  if (!media) return [];
  const spelling = spellingIn(root); // entries with a flaw are as they were written
  const flawed = await Promise.all(flaws.flatMap(({ media }) => media ?? []).map(spelling));
  const entries = [...media, ...flawed];
  const listed = new Set(entries.map((path) => relative(root, resolve(root, path)).split(sep).join('/')));
  const walked = await walk(root);
  const rest = walked.media.filter(
    (path) => !listed.has(path) && !foldersOf(path).some((folder) => listed.has(folder)),
  );
  return leftOut('note', ['image or clip is in no entry', 'images or clips are in no entry'], rest);
}

/** `a/b/c.jpg` → `a`, `a/b`: one of them may be a clip of frames. */
const foldersOf = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, i, parts) => parts.slice(0, i + 1).join('/'));
