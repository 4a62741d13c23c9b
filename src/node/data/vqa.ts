// VQA v2 in a folder: the official files or BLIP's, with Visual Genome's questions if they are wanted.
import {
  type Annotations,
  type Manifest,
  parseBlipVqa,
  parseVisualGenome,
  parseVqa,
  type Split,
} from '../../data/index.js';
import { readAnswers } from '../../format/index.js';
import {
  type Alternatives,
  below,
  COCO_MEDIA,
  type Layout,
  located,
  readAnnotations,
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

const QUESTIONS: Alternatives = [
  [...officialOf('train2014'), ...officialOf('val2014')],
  ['vqa_train.json', 'vqa_val.json'],
];
const VISUAL_GENOME: Alternatives = [['question_answers.json'], ['vg_qa.json']];
const TEST: Alternatives = [[questionsOf('test2015')], [questionsOf('test-dev2015')], ['vqa_test.json']];
const ANSWERS: Alternatives = [['answer_list.json']];

/**
 * `server`: train2014 and val2014 train, and answers to the test questions are for the server, as in BLIP. `val`:
 * val2014 validates. Test questions, and BLIP's list of answers, are read where they are there.
 */
export async function readVqa(path: string, options: ReadOptions): Promise<Source> {
  const { variant, visualGenome = false } = options;
  const needed: Readonly<Record<string, Alternatives>> = {
    questions: QUESTIONS,
    ...(visualGenome && { visualGenome: VISUAL_GENOME }),
  };
  const found = await readAnnotations(path, LAYOUT, needed, { test: TEST, answers: ANSWERS });
  const manifest = together([
    parseQuestions(found.questions ?? [], variant === 'val' ? 'val' : 'train'),
    ...(found.visualGenome ?? []).map(parseGenome),
    ...(found.test ?? []).map(parseTest),
  ]);
  const [list] = found.answers ?? [];
  const answers = list && readAnswers(new TextEncoder().encode(list.text), list.name);
  const media = [...COCO_MEDIA, ...(visualGenome ? VISUAL_GENOME_MEDIA : [])];
  return { ...(await located(path, manifest, media, options)), ...(answers && { answers }) };
}

/** Questions and annotations of two splits, or one file of BLIP's for each. */
function parseQuestions(texts: readonly Annotations[], val: Split): Manifest {
  const [first, second, third, fourth] = texts;
  if (first && second && third && fourth)
    return parseVqa([
      { split: 'train', questions: first, annotations: second },
      { split: val, questions: third, annotations: fourth },
    ]);
  return parseBlipVqa(texts.map((file, i) => ({ split: i === 0 ? 'train' : val, file })));
}

const parseGenome = (file: Annotations): Manifest =>
  file.name === 'vg_qa.json' ? parseBlipVqa([{ split: 'train', file }]) : parseVisualGenome(file);

const parseTest = (file: Annotations): Manifest =>
  file.name === 'vqa_test.json'
    ? parseBlipVqa([{ split: 'test', file }])
    : parseVqa([{ split: 'test', questions: file, annotations: null }]);

const together = (manifests: readonly Manifest[]): Manifest => ({
  items: manifests.flatMap(({ items }) => items),
  flaws: manifests.flatMap(({ flaws }) => flaws),
});
