// Visual Genome's question_answers.json, with which VQA v2 is trained too. Krishna et al. 2016,
// https://homes.cs.washington.edu/~ranjay/visualgenome/
import type { Flaw } from '../items/flaw.js';
import type { Item, Question } from '../items/item.js';
import type { Manifest } from '../items/manifest.js';
import { mergeItems } from '../items/merge.js';
import { type Annotations, type Entry, entriesOf, entriesUnder, itemOf, wordsAt } from './annotations.js';

/** How much one of these questions counts, against 1 of VQA v2 (BLIP: 0.2). */
export const VISUAL_GENOME_WEIGHT = 0.2;

/** An id that no image or question of COCO has. */
export const ofVisualGenome = (id: string): string => `vg/${id}`;

/** Reads `[{"id", "qas": [{"qa_id", "question", "answer"}]}]`; all of it trains. */
export function parseVisualGenome(file: Annotations): Manifest {
  const flaws: Flaw[] = [];
  const rows = entriesOf(file, null, flaws).flatMap((entry) => readImage(entry) ?? []);
  return { items: mergeItems(rows, flaws), flaws };
}

function readImage(entry: Entry): Item | undefined {
  const image = wordsAt(entry, 'id');
  if (image === undefined) return undefined;
  const media = `${image}.jpg`;
  const questions = entriesUnder(entry.fields, 'qas', entry).flatMap((asked) => {
    const read = readQuestion({ ...asked, line: entry.line }, media);
    return read ?? [];
  });
  if (questions.length === 0) return undefined; // some images have none
  return itemOf(entry, { id: ofVisualGenome(image), media, kind: 'image', questions, split: 'train' });
}

function readQuestion(entry: Entry, media: string): Question | undefined {
  const id = wordsAt(entry, 'qa_id', media);
  const question = wordsAt(entry, 'question', media);
  const answer = wordsAt(entry, 'answer', media);
  if (id === undefined || question === undefined || answer === undefined) return undefined;
  return { id: ofVisualGenome(id), question, answers: [plain(answer)], weight: VISUAL_GENOME_WEIGHT };
}

/** `In a room.` is the answer `in a room`: annotators of VQA v2 write neither capitals nor full stops. */
const plain = (answer: string): string => answer.toLowerCase().replace(/(?<=.)\.+$/, '');
