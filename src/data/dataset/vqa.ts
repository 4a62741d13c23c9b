// VQA v2 in a folder: the official files or BLIP's, with Visual Genome's questions if they are wanted.

import { readAnswers } from '../../format/index.js';
import { type Annotations, parseBlipVqa, parseVisualGenome, parseVqa } from '../formats/index.js';
import type { Manifest, Split } from '../items/index.js';
import {
  type Alternatives,
  below,
  COCO_MEDIA,
  type Layout,
  located,
  type PartialSet,
  readAnnotations,
  readParts,
  SHARED_FOLDERS,
} from './lookup.js';
import type { ReadOptions, Source } from './source.js';

const LAYOUT: Layout = {
  title: 'VQA v2',
  folders: [...SHARED_FOLDERS, 'Questions', 'Annotations', 'vqa', 'vg', 'visual-genome', 'visual_genome'],
  page: 'https://visualqa.org/download.html, and question_answers.json from Visual Genome’s site',
};
const VISUAL_GENOME_MEDIA = below(
  ['', 'images', 'vg', 'visual-genome', 'visual_genome'],
  ['VG_100K', 'VG_100K_2', 'image'],
);

const questionsOf = (images: string): string => `v2_OpenEnded_mscoco_${images}_questions.json`;
const officialOf = (images: string): readonly string[] => [questionsOf(images), `v2_mscoco_${images}_annotations.json`];

/** Where test questions lie alone, nothing else is needed to answer them. */
const QUESTIONS: readonly PartialSet[] = [
  { train: officialOf('train2014'), val: officialOf('val2014'), test: [questionsOf('test2015')] },
  { train: officialOf('train2014'), val: officialOf('val2014'), test: [questionsOf('test-dev2015')] },
  { train: ['vqa_train.json'], val: ['vqa_val.json'], test: ['vqa_test.json'] },
];
const VISUAL_GENOME: Alternatives = [['question_answers.json'], ['vg_qa.json']];
const ANSWERS: Alternatives = [['answer_list.json']];

/**
 * `server`: train2014 and val2014 train, and answers to the test questions are for the server, as in BLIP. `val`:
 * val2014 validates. Each part is read where it is there, and BLIP's list of answers.
 */
export async function readVqa(path: string, options: ReadOptions): Promise<Source> {
  const { variant, visualGenome = false } = options;
  const { found, absent } = await readParts(path, LAYOUT, QUESTIONS);
  const genome: Readonly<Record<string, Alternatives>> =
    visualGenome && found.train ? { visualGenome: VISUAL_GENOME } : {};
  const more = await readAnnotations(path, LAYOUT, genome, { answers: ANSWERS });
  const manifest = together([
    ...(found.train ? [parsePart(found.train, 'train')] : []),
    ...(found.val ? [parsePart(found.val, variant === 'val' ? 'val' : 'train')] : []),
    ...(more.visualGenome ?? []).map(parseGenome),
    ...(found.test ? [parsePart(found.test, 'test')] : []),
  ]);
  const [list] = more.answers ?? [];
  const answers = list && readAnswers(new TextEncoder().encode(list.text), list.name);
  const media = [...COCO_MEDIA, ...(visualGenome ? VISUAL_GENOME_MEDIA : [])];
  return { ...(await located(path, manifest, media, options, absent)), ...(answers && { answers }) };
}

/** Questions and their annotations, which those for the server do not have, or a file of BLIP's. */
function parsePart([questions, annotations]: readonly Annotations[], split: Split): Manifest {
  if (questions === undefined) return together([]);
  const isOfficial = questions.name.startsWith('v2_');
  return isOfficial
    ? parseVqa([{ split, questions, annotations: annotations ?? null }])
    : parseBlipVqa([{ split, file: questions }]);
}

const parseGenome = (file: Annotations): Manifest =>
  file.name === 'vg_qa.json' ? parseBlipVqa([{ split: 'train', file }]) : parseVisualGenome(file);

const together = (manifests: readonly Manifest[]): Manifest => ({
  items: manifests.flatMap(({ items }) => items),
  flaws: manifests.flatMap(({ flaws }) => flaws),
});
