// A folder of images and clips that each have their captions in a text file of the same name, one a line.
import { extname, join } from 'node:path';
import { fail, UniAdapterError } from '../../error/index.js';
import { readText } from '../../files/files.js';
import { type Flaw, fewAtOnce, type Item, kindOf, type LeftOut, leftOut, leftOutText } from '../items/index.js';
import { isUnreadMedia } from '../media/extensions.js';
import { mediaKind } from '../media/kind.js';
import type { Walk } from '../media/walk.js';
import type { Source } from './source.js';
import { formOf } from './spelling.js';

const EXTENSION = '.txt';
/** Begins what is said of a text file that is there. */
const UNREADABLE = 'has captions that cannot be read';
/** How one's own data may be written down; for messages. */
export const LAYOUTS =
  'give a .jsonl or .csv manifest, a folder that holds manifest.jsonl or captions.csv, ' +
  'or a folder of images or clips with a .txt of the same name each';

/** A text file with what is called as it is. */
interface Pair {
  readonly text: string;
  readonly media: readonly string[];
  /** Of kinds that are not read. */
  readonly others: readonly string[];
}

/** Whether a flaw is more than that there is no caption. */
export const isUnreadable = ({ what }: Flaw): boolean => what.startsWith(UNREADABLE);

/** @param other  what else was left out; for the error when there is nothing to learn from */
export async function readCaptionFiles(folder: string, walked: Walk, other: readonly LeftOut[]): Promise<Source> {
  const pairs = pairsIn(walked);
  const twins = pairs.filter(({ media }) => media.length > 1);
  const shown = preferredKind(pairs);
  const chosen = new Map(
    pairs.flatMap(({ text, media }) => (media[0] ? [[chosenOf(media, shown), text] as const] : [])),
  );
  const dropped = new Set(twins.flatMap(({ media }) => media.filter((one) => !chosen.has(one))));
  const media = walked.media.filter((file) => !dropped.has(file));
  const flaws: Flaw[] = [];
  const items = await fewAtOnce(media.length, (i) => readItem(folder, { media, number: i, chosen, flaws }));
  const found = items.filter((item) => item !== null);
  const left = leftOutOf(pairs, chosen);
  if (found.length === 0 && !flaws.some(isUnreadable)) failWithout(folder, [...walked.leftOut, ...left, ...other]);
  return { source: folder, folder, items: found, flaws: flaws.sort((a, b) => a.line - b.line), leftOut: left };
}

function failWithout(where: string, left: readonly LeftOut[]): never {
  const got = left.map(leftOutText).join('; ');
  const fix = `${LAYOUTS}; a table of another name is given as the path itself`;
  fail('data', { where, what: 'holds no images or clips with captions', ...(got && { got }), fix });
}

/** Every text file with the files of the same name; where none is spelt the same, of a name whose letters are of another form. */
function pairsIn({ files, media }: Walk): readonly Pair[] {
  const isRead = new Set(media);
  const byStem = new Map<string, string[]>();
  const texts: string[] = [];
  for (const file of files) {
    if (extname(file).toLowerCase() === EXTENSION) texts.push(file);
    else {
      const stem = formOf(stemOf(file));
      const same = byStem.get(stem);
      if (same) same.push(file);
      else byStem.set(stem, [file]);
    }
  }
  const taken = new Set(texts.map(stemOf));
  return texts.map((text) => {
    const stem = stemOf(text);
    const alike = byStem.get(formOf(stem)) ?? [];
    const exact = alike.filter((file) => stemOf(file) === stem);
    const same = exact.length > 0 ? exact : alike.filter((file) => !taken.has(stemOf(file)));
    return { text, media: same.filter((file) => isRead.has(file)), others: same.filter((file) => !isRead.has(file)) };
  });
}

const stemOf = (file: string): string => file.slice(0, file.length - extname(file).length);

/** Where a clip and a picture share a text: clips, unless most of those that do not share are pictures. */
function preferredKind(pairs: readonly Pair[]) {
  const alone = pairs.flatMap(({ media }) => (media.length === 1 ? media.map(kindOf) : []));
  return alone.filter((kind) => kind === 'image').length > alone.length / 2 ? 'image' : 'video';
}

const chosenOf = (media: readonly string[], kind: string): string =>
  media.find((file) => kindOf(file) === kind) ?? (media[0] as string);

interface Reading {
  readonly media: readonly string[];
  readonly number: number;
  /** Text files by the file that they belong to. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly flaws: Flaw[];
}

async function readItem(folder: string, { media, number, chosen, flaws }: Reading): Promise<Item | null> {
  const name = media[number] as string;
  const line = number + 1;
  const text = chosen.get(name);
  const captions = text === undefined ? [] : await captionsIn(join(folder, text), (got) => unreadable(text, got));
  if (captions === null) return null;
  if (captions.length > 0)
    return { id: name, media: name, kind: await mediaKind(join(folder, name)), captions, questions: [], line };
  const got = text === undefined ? 'no text file' : 'an empty text file';
  flaws.push({ line, media: name, what: 'has no caption', got, expected: 'a .txt of the same name' });
  return null;

  function unreadable(file: string, { problem }: UniAdapterError): void {
    const { what, got = file, expected = 'text' } = problem;
    flaws.push({ line, media: name, what: `${UNREADABLE}: ${file} ${what}`, got, expected });
  }
}

/** @returns null when the file cannot be read */
async function captionsIn(path: string, onProblem: (error: UniAdapterError) => void): Promise<string[] | null> {
  try {
    const lines = (await readText(path)).split(/\r\n|\n|\r/);
    return lines.map((line) => line.trim()).filter(Boolean);
  } catch (error) {
    if (!(error instanceof UniAdapterError)) throw error;
    onProblem(error);
    return null;
  }
}

function leftOutOf(pairs: readonly Pair[], chosen: ReadonlyMap<string, string>): readonly LeftOut[] {
  const shared = pairs.filter(({ media }) => media.length > 1);
  const alone = pairs.filter(({ media }) => media.length === 0);
  return [
    ...leftOut(
      'warning',
      [
        'text file belongs to several files: one of them is read',
        'text files belong to several files each: one of them is read',
      ],
      shared.map(({ text, media }) => {
        const read = media.filter((file) => chosen.has(file));
        return `${text}: ${read.join(', ')} is read, ${media.filter((file) => !chosen.has(file)).join(', ')} is not`;
      }),
    ),
    ...leftOut(
      'warning',
      ['file with captions is of a kind that is not read', 'files with captions are of a kind that is not read'],
      alone.flatMap(({ others }) => others.filter((file) => !isUnreadMedia(file))), // those are told already
    ),
    ...leftOut(
      'warning',
      ['text file has no image or clip of its name', 'text files have no image or clip of their names'],
      alone.filter(({ others }) => others.length === 0).map(({ text }) => text),
    ),
  ];
}
