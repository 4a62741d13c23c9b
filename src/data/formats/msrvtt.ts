// MSR-VTT: 10,000 clips of 20 captions, cut into training and test clips in three ways that are all published.
// Xu et al. 2016; the test captions of 1k-A are from JSFusion, Yu et al. 2018, https://arxiv.org/abs/1808.02559
import { type CsvRecord, readCsv } from '../items/csv.js';
import type { Flaw } from '../items/flaw.js';
import type { Item, Split } from '../items/item.js';
import type { Manifest } from '../items/manifest.js';
import { mergeItems } from '../items/merge.js';
import { isFields, wordsOf } from '../items/values.js';
import { type Annotations, type Entry, entriesUnder, itemOf, jsonOf, lineEntriesOf, wordsAt } from './annotations.js';

/**
 * `1k-A`: 1,000 test clips of one caption, the other 9,000 train. `7k`: the same test, but only the official training
 * and validation clips train. `full`: the official 6,513 / 497 / 2,990 clips, all captions.
 */
export type MsrvttVariant = '1k-A' | '7k' | 'full';

export interface MsrvttFiles {
  /** videodatainfo_2017.json, MSRVTT_data.json, MSR_VTT.json, or the two that are for training and test. */
  readonly captions: readonly Annotations[];
  /** MSRVTT_JSFUSION_test.csv or BLIP's msrvtt_test.jsonl; not looked at for `full`. */
  readonly test: Annotations | null;
  /** MSRVTT_train.9k.csv or MSRVTT_train.7k.csv; null takes the clips that are said to be in them. */
  readonly train: Annotations | null;
}

/** Reads the captions and cuts the clips into splits; a clip is `video123`, in its file's name too. */
export function parseMsrvtt({ captions, test, train }: MsrvttFiles, variant: MsrvttVariant): Manifest {
  const flaws: Flaw[] = [];
  const clips = mergeItems(
    captions.flatMap((file) => readCaptionsOf(file, flaws)),
    flaws,
  );
  const isFull = variant === 'full' || test === null;
  const items = isFull
    ? clips.map((clip) => ({ ...clip, split: officialSplit(clip.id) }))
    : cut(
        clips,
        readTest(test, flaws),
        train && clips.length > 0 ? readList(train, clips, flaws) : inTraining(variant),
      );
  return { items: mergeItems(items, flaws), flaws };
}

/** `{"sentences": [{"video_id", "caption"}]}`, or, in MSR_VTT.json, `{"annotations": [{"image_id", "caption"}]}`. */
function readCaptionsOf(file: Annotations, flaws: Flaw[]): Item[] {
  const content = jsonOf(file, flaws);
  if (content === undefined) return [];
  const [list, id] =
    isFields(content) && 'annotations' in content ? ['annotations', 'image_id'] : ['sentences', 'video_id'];
  return entriesUnder(content, list, { source: file.name, flaws }).flatMap((entry) => clipOf(entry, id) ?? []);
}

function clipOf(entry: Entry, idKey: string): Item | undefined {
  const id = wordsAt(entry, idKey);
  const caption = id === undefined ? undefined : wordsAt(entry, 'caption', id);
  return id === undefined || caption === undefined ? undefined : clip(entry, id, caption);
}

const clip = (entry: Entry, id: string, caption: string, split?: Split): Item =>
  itemOf(entry, { id, media: id, kind: 'video', captions: [caption], ...(split && { split }) });

/** By number, as the dataset's readme says: the files of 2017 do not all have the splits of 2016. */
function officialSplit(id: string): Split {
  const number = Number(id.replace(/\D/g, ''));
  if (number < 6513) return 'train';
  return number < 7010 ? 'val' : 'test';
}

const inTraining = (variant: MsrvttVariant) => (id: string) => variant === '1k-A' || officialSplit(id) !== 'test';

/** Test clips, and those of the others that train. A clip of the list that also tests is kept twice, to be a flaw. */
function cut(clips: readonly Item[], test: readonly Item[], trains: ReadonlySet<string> | ((id: string) => boolean)) {
  const tests = new Set(test.map(({ id }) => id));
  const isTrained = ({ id }: Item) => (typeof trains === 'function' ? trains(id) && !tests.has(id) : trains.has(id));
  return [...test, ...clips.filter(isTrained).map((clip) => ({ ...clip, split: 'train' as const }))];
}

/** Test clips with the one caption that the list has for each; the caption files need not know them. */
function readTest(file: Annotations, flaws: Flaw[]): Item[] {
  const entries = file.name.endsWith('.csv') ? csvEntries(file, flaws) : lineEntriesOf(file, flaws);
  const [id, caption] = file.name.endsWith('.csv') ? ['video_id', 'sentence'] : ['clip_name', 'caption'];
  return entries.flatMap((entry) => {
    const name = wordsAt(entry, id);
    const words = name === undefined ? undefined : wordsAt(entry, caption, name);
    return name === undefined || words === undefined ? [] : clip(entry, name, words, 'test');
  });
}

/** A list with a clip on each line, under a header or not. */
function readList(file: Annotations, clips: readonly Item[], flaws: Flaw[]): ReadonlySet<string> {
  const known = new Set(clips.map(({ id }) => id));
  const lines = file.text.split(/\r?\n/).map((line, i) => ({ id: line.split(',')[0]?.trim() ?? '', line: i + 1 }));
  const listed = lines.filter(({ id }) => id !== '' && id !== 'video_id');
  for (const { id, line } of listed) if (!known.has(id)) flaws.push(stranger({ line, source: file.name }, id));
  return new Set(listed.map(({ id }) => id));
}

const stranger = ({ line, source }: Pick<Entry, 'line' | 'source'>, media: string): Flaw => ({
  ...{ line, source, media, what: 'is a clip without captions', got: 'none', expected: 'some in the caption files' },
});

function csvEntries({ name, text }: Annotations, flaws: Flaw[]): Entry[] {
  const [header, ...records] = readCsv(text, (names) => names.includes('video_id'), flaws).records;
  const fieldsOf = ({ cells }: CsvRecord) =>
    Object.fromEntries((header?.cells ?? []).map((column, i) => [column.trim(), wordsOf(cells[i])]));
  return records.map((record) => ({ fields: fieldsOf(record), line: record.line, source: name, flaws }));
}
