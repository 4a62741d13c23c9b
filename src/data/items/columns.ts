// What the columns of a table and the keys of an object are for, by the names that people and other tools give them.

/** Of each field its names; those of one list say the same, those of an earlier list go before. */
const FIELDS = {
  image: [['image'], ['image_path'], ['image_file'], ['image_filename'], ['image_name'], ['img'], ['img_path']],
  video: [['video'], ['video_path'], ['video_file'], ['video_name'], ['clip'], ['clip_path'], ['clip_name']],
  media: [['media'], ['file'], ['filename'], ['file_name'], ['filepath'], ['file_path'], ['path']],
  caption: [
    ...[
      ['caption', 'captions'],
      ['text', 'texts'],
      ['sentence', 'sentences'],
      ['description', 'descriptions'],
    ],
    ...[
      ['title', 'titles'],
      ['comment', 'comments'],
    ],
  ],
  question: [['question']],
  answer: [['answers'], ['answer']], // all annotators' before the most common one
  questions: [['questions']],
  questionId: [['question_id'], ['questionid'], ['qid']],
  id: [['id']],
  split: [['split']],
} as const satisfies Readonly<Record<string, readonly (readonly string[])[]>>;
export type Field = keyof typeof FIELDS;
const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[];

/** Fields of which there may be several columns: `caption`, `caption_2`, `caption.1`, or the same name again. */
const SEVERAL: ReadonlySet<Field> = new Set<Field>(['caption', 'answer']);

/** Columns whose names have one of these words were meant to be learnt from, perhaps. */
const TEXTUAL =
  /(^|[^a-z])(captions?|texts?|sentences?|descriptions?|titles?|comments?|questions?|answers?|alt|labels?|tags?|keywords?|prompts?|summary)([^a-z]|$)/;

export interface Columns {
  /** Numbers of the columns of each field that is there, from 0. */
  readonly of: Readonly<Partial<Record<Field, readonly number[]>>>;
  /** Numbers of the others that have a name. */
  readonly others: readonly number[];
}

/** @param names  as they stand in the file, in any case */
export function columnsOf(names: readonly string[]): Columns {
  const plain = names.map(plainName);
  const of: Partial<Record<Field, readonly number[]>> = {};
  for (const field of FIELD_NAMES) {
    const found = FIELDS[field].map((group) => indicesOf(plain, group, SEVERAL.has(field)));
    const columns = found.find(({ length }) => length > 0);
    if (columns) of[field] = SEVERAL.has(field) ? columns : columns.slice(0, 1);
  }
  const used = new Set(Object.values(of).flat());
  return { of, others: [...names.keys()].filter((i) => !used.has(i) && plain[i] !== '') };
}

/** Whether items can be made of such columns. */
export const isUsable = ({ of }: Columns): boolean =>
  (of.image ?? of.video ?? of.media) !== undefined && (of.caption ?? of.question ?? of.questions) !== undefined;

/** Whether a column looks as if it held something to learn from, by its name. */
export const isTextual = (name: string): boolean => TEXTUAL.test(plainName(name));

/** `File Name` and `file-name` are `file_name`. */
const plainName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

function indicesOf(plain: readonly string[], group: readonly string[], isNumbered: boolean): readonly number[] {
  const base = (name: string) => (isNumbered ? name.replace(/(?<=[a-z])[_./[(#]?\d+[\])]?$/, '') : name);
  return [...plain.keys()].filter((i) => group.includes(base(plain[i] as string)));
}
