// MSRVTT-QA, {train,val,test}_qa.json, and the same as ClipBERT's {train,val,test}.jsonl: questions about MSR-VTT's
// clips with one answer each. Xu et al. 2017, https://github.com/xudejing/video-question-answering
import type { Flaw } from '../items/flaw.js';
import type { Item, Split } from '../items/item.js';
import type { Manifest } from '../items/manifest.js';
import { mergeItems } from '../items/merge.js';
import { wordsOf } from '../items/values.js';
import { type Entry, entriesOf, itemOf, lineEntriesOf, type Part, wordsAt } from './annotations.js';

/** Reads `{"video_id", "question", "answer", "id"}`; a question's type is its question word, as in published tables. */
export function parseMsrvttQa(parts: readonly Part[]): Manifest {
  const flaws: Flaw[] = [];
  const rows = parts.flatMap(({ split, file }) => {
    const entries = file.name.endsWith('.jsonl') ? lineEntriesOf(file, flaws) : entriesOf(file, null, flaws);
    return entries.flatMap((entry) => readRow(entry, split) ?? []);
  });
  return { items: mergeItems(rows, flaws), flaws };
}

function readRow(entry: Entry, split: Split): Item | undefined {
  const { fields, line } = entry;
  const video = wordsAt(entry, 'video_id');
  if (video === undefined) return undefined;
  const media = /^\d+$/.test(video) ? `video${video}` : video;
  const question = wordsAt(entry, 'question', media);
  const answer = wordsAt(entry, 'answer', media);
  if (question === undefined || answer === undefined) return undefined;
  const id = wordsOf(fields.id) ?? `${split}-${line}`; // ClipBERT's have no ids
  const type = wordsOf(fields.answer_type) ?? questionWord(question);
  const asked = { id, question, answers: [answer], ...(type !== undefined && { type }) };
  return itemOf(entry, { id: media, media, kind: 'video', questions: [asked], split });
}

const questionWord = (question: string): string | undefined =>
  /\b(?:what|who|how|when|where)\b/.exec(question.toLowerCase())?.[0];
