// VQA v2 as it is published: questions in one file, the answers of ten annotators in another. Goyal et al. 2017,
// https://visualqa.org/vqa_v1_download.html describes the form.
import type { Flaw } from '../items/flaw.js';
import type { Item, Question, Split } from '../items/item.js';
import type { Manifest } from '../items/manifest.js';
import { mergeItems } from '../items/merge.js';
import { isFields, listOf, show, wordsOf } from '../items/values.js';
import {
  type Annotations,
  type Entry,
  entriesOf,
  entriesUnder,
  flawAt,
  itemOf,
  jsonOf,
  wordsAt,
} from './annotations.js';

export interface VqaPart {
  readonly split: Split;
  /** v2_OpenEnded_mscoco_*_questions.json */
  readonly questions: Annotations;
  /** v2_mscoco_*_annotations.json; null where only the server has the answers. */
  readonly annotations: Annotations | null;
}

/** Reads questions with their answers; a question's type is the annotation's `answer_type`. */
export function parseVqa(parts: readonly VqaPart[]): Manifest {
  const flaws: Flaw[] = [];
  const rows = parts.flatMap((part) => readPart(part, flaws));
  return { items: mergeItems(rows, flaws), flaws };
}

function readPart({ split, questions, annotations }: VqaPart, flaws: Flaw[]): Item[] {
  const content = jsonOf(questions, flaws);
  if (content === undefined) return [];
  const images = imagesOf(content, questions, flaws);
  const answers = annotations && new Map(entriesOf(annotations, 'annotations', flaws).flatMap(readAnswers));
  return entriesUnder(content, 'questions', { source: questions.name, flaws }).flatMap((entry) => {
    const asked = readQuestion(entry);
    const answered = asked && answers ? withAnswers(asked.question, answers, entry) : asked?.question;
    if (!asked || !answered) return [];
    const media = `${images}/COCO_${images}_${asked.image.padStart(12, '0')}.jpg`;
    return itemOf(entry, { id: asked.image, media, kind: 'image', questions: [answered], split });
  });
}

/** train2014, val2014 or test2015: as the file says, or its name. test-dev2015 is a part of test2015. */
function imagesOf(content: unknown, { name }: Annotations, flaws: Flaw[]): string {
  const said = isFields(content) ? wordsOf(content.data_subtype) : undefined;
  const images = said ?? /(?:train|val|test)[^_]*\d{4}/.exec(name)?.[0];
  if (images === undefined)
    flaws.push({ line: 1, source: name, what: 'does not say whose images', got: name, expected: '"data_subtype"' });
  return (images ?? '').replace('test-dev', 'test');
}

function readQuestion(entry: Entry): { readonly image: string; readonly question: Question } | undefined {
  const image = wordsAt(entry, 'image_id');
  const id = wordsAt(entry, 'question_id');
  const question = wordsAt(entry, 'question');
  if (image === undefined || id === undefined || question === undefined) return undefined;
  return { image, question: { id, question, answers: [] } };
}

type Answered = Pick<Question, 'answers' | 'type'>;

function readAnswers(entry: Entry): [string, Answered][] {
  const { fields } = entry;
  const id = wordsAt(entry, 'question_id');
  const given = listOf(fields.answers).map((one) => wordsOf(isFields(one) ? one.answer : one));
  const answers = given.filter((answer) => answer !== undefined);
  if (answers.length === 0 || answers.length < given.length)
    flawAt(entry, { what: 'has an empty answer', got: show(fields.answers), expected: 'a list of {"answer": words}' });
  const type = wordsOf(fields.answer_type);
  return id === undefined || answers.length === 0 ? [] : [[id, { answers, ...(type !== undefined && { type }) }]];
}

function withAnswers(question: Question, answers: ReadonlyMap<string, Answered>, entry: Entry): Question | undefined {
  const found = answers.get(question.id);
  if (found) return { ...question, ...found };
  flawAt(entry, { what: 'has no annotation', got: `question ${question.id}`, expected: 'answers in the annotations' });
  return undefined;
}
