// Rows about the same file become one item; what contradicts itself is a flaw.
import type { Flaw } from './flaw.js';
import type { Item } from './item.js';

/**
 * Items by file, in the order in which files come first. Questions without an id are numbered within their item.
 *
 * @param rows  any number for the same file
 * @param flaws  gets a flaw for each row that puts a file into a second split, or gives two files the same id
 */
export function mergeItems(rows: Iterable<Item>, flaws: Flaw[]): Item[] {
  const byMedia = new Map<string, Growing>();
  const ofId = new Map<string, Item>();
  for (const item of rows) {
    const known = byMedia.get(item.media);
    const clash = known ? splitClash(known, item) : idClash(ofId.get(item.id), item);
    if (clash) flaws.push(clash);
    else if (known) {
      for (const caption of item.captions) known.captions.push(caption);
      for (const question of item.questions) known.questions.push(question);
    } else {
      byMedia.set(item.media, { ...item, captions: [...item.captions], questions: [...item.questions] });
      ofId.set(item.id, item);
    }
  }
  return [...byMedia.values()].map(withQuestionIds);
}

/** An item that gets what further rows say: there may be a row for each of a million captions of one file. */
interface Growing extends Item {
  readonly captions: string[];
  readonly questions: Item['questions'][number][];
}

const withQuestionIds = (item: Item): Item => ({
  ...item,
  questions: item.questions.map((question, i) => (question.id ? question : { ...question, id: `${item.id}#${i + 1}` })),
});

function splitClash(known: Item, { line, media, split }: Item): Flaw | undefined {
  if (known.split === split) return undefined;
  const expected = `${known.split ?? 'nothing'}, as on line ${known.line}`;
  return { line, media, what: 'puts a file into a second split', got: split ?? 'nothing', expected };
}

function idClash(known: Item | undefined, { line, media, id }: Item): Flaw | undefined {
  if (!known) return undefined;
  const expected = `another id than ${known.media} on line ${known.line}`;
  return { line, media, what: 'repeats an id', got: id, expected };
}
