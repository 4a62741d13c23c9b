// BLIP's copies of VQA v2 and Visual Genome's questions: vqa_{train,val,test}.json and vg_qa.json.
// https://github.com/salesforce/BLIP, data/vqa_dataset.py
import type { Flaw } from '../items/flaw.js';
import type { Item, Split } from '../items/item.js';
import type { Manifest } from '../items/manifest.js';
import { tidy } from '../items/media.js';
import { mergeItems } from '../items/merge.js';
import { listOf, show, wordsOf } from '../items/values.js';
import { type Entry, entriesOf, flawAt, imageIdOf, itemOf, type Part, wordsAt } from './annotations.js';
import { ofVisualGenome, VISUAL_GENOME_WEIGHT } from './visual-genome.js';

/** Reads lists of `{"question_id", "question", "answer", "image", "dataset"}`; test questions have no answer. */
export function parseBlipVqa(parts: readonly Part[]): Manifest {
  const flaws: Flaw[] = [];
  const rows = parts.flatMap(({ split, file }) =>
    entriesOf(file, null, flaws).flatMap((entry) => readRow(entry, split) ?? []),
  );
  return { items: mergeItems(rows, flaws), flaws };
}

function readRow(entry: Entry, split: Split): Item | undefined {
  const { fields } = entry;
  const image = wordsAt(entry, 'image');
  const question = image === undefined ? undefined : wordsAt(entry, 'question', image);
  const answers = listOf(fields.answer).map(wordsOf);
  if (image === undefined || question === undefined) return undefined;
  if (answers.includes(undefined) || (answers.length === 0 && split !== 'test')) {
    flawAt(entry, { what: 'has an empty answer', got: show(fields.answer), expected: 'words' }, image);
    return undefined;
  }
  const isVg = fields.dataset === 'vg';
  const id = wordsOf(fields.question_id) ?? '';
  const asked = {
    id: isVg && id ? ofVisualGenome(id) : id,
    question,
    answers: answers.filter((answer) => answer !== undefined),
    ...(isVg && { weight: VISUAL_GENOME_WEIGHT }),
  };
  const imageId = imageIdOf(image);
  return itemOf(entry, {
    id: isVg ? ofVisualGenome(imageId) : imageId,
    ...{ media: tidy(image), kind: 'image', questions: [asked], split },
  });
}
