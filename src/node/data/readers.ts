// Datasets by format: which files are looked for in a folder, and who reads them. docs/formats.md lists the same.
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  type Annotations,
  type Manifest,
  type MsrvttVariant,
  type Part,
  parseBlipCaptions,
  parseBlipVqa,
  parseDidemo,
  parseKarpathy,
  parseMsrvtt,
  parseMsrvttQa,
  parseVisualGenome,
  parseVqa,
  SPLIT_NAMES,
  type Split,
  type VqaPart,
} from '../../data/index.js';
import { readAnswers } from '../../format/index.js';
import type { FormatName } from '../../recipe/index.js';
import { readText } from '../files.js';
import { type Alternatives, type Layout, readAnnotations, withMedia } from './lookup.js';
import { readManifest } from './manifest.js';
import type { Reader, ReadOptions, Source } from './source.js';

export const readers: Readonly<Record<FormatName, Reader>> = {
  manifest: readManifest,
  coco: readCoco,
  flickr30k: readFlickr,
  msrvtt: readMsrvtt,
  didemo: readDidemo,
  'msrvtt-qa': readMsrvttQa,
  vqav2: readVqa,
};

const SHARED_FOLDERS = ['', 'annotations', 'annotation', 'data'];
const KARPATHY_PAGE = 'https://cs.stanford.edu/people/karpathy/deepimagesent/ (caption_datasets.zip)';
const MSRVTT_PAGE =
  'https://github.com/ArrowLuo/CLIP4Clip (msrvtt_data.zip) or https://github.com/m-bain/frozen-in-time (MSRVTT.zip)';

/** Every folder in every other. */
const below = (outer: readonly string[], inner: readonly string[]): string[] =>
  outer.flatMap((one) => inner.map((other) => [one, other].filter(Boolean).join('/')));

const COCO_MEDIA = below(['', 'images', 'coco', 'Images/mscoco'], ['', 'train2014', 'val2014', 'test2015']);
const VISUAL_GENOME_MEDIA = below(
  ['', 'images', 'vg', 'visual-genome', 'visual_genome'],
  ['VG_100K', 'VG_100K_2', 'image'],
);
const FLICKR_MEDIA = ['', 'flickr30k-images', 'flickr30k_images', 'images', 'Images', 'flickr30k-images/images'];
const MSRVTT_MEDIA = below(
  ['', 'MSRVTT'],
  ['', 'videos/all', 'videos', 'all', 'TrainValVideo', 'TestVideo', 'train-video', 'test-video', 'MSRVTT_Videos'],
);
const DIDEMO_MEDIA = ['', 'videos', 'DiDeMo_Videos', 'data/videos', 'video', 'train', 'val', 'test'];

const files = (nameOf: (split: Split) => string): readonly string[] => SPLIT_NAMES.map(nameOf);
const partsOf = (texts: readonly Annotations[]): Part[] =>
  texts.map((file, i) => ({ split: SPLIT_NAMES[i] as Split, file }));

/** The same, with media looked for in the folders where they usually are. */
async function located(
  path: string,
  { items, flaws }: Manifest,
  media: readonly string[],
  { mediaRoot }: ReadOptions,
): Promise<Source> {
  const folder = mediaRoot ?? path;
  return { source: path, folder, items: await withMedia(items, folder, media), flaws };
}

function readCoco(path: string, options: ReadOptions): Promise<Source> {
  const layout = { title: 'MSCOCO', folders: SHARED_FOLDERS, page: KARPATHY_PAGE };
  return readImageCaptions(path, options, { layout, name: 'coco', blip: 'coco_karpathy', media: COCO_MEDIA });
}

function readFlickr(path: string, options: ReadOptions): Promise<Source> {
  const layout = { title: 'Flickr30K', folders: SHARED_FOLDERS, page: KARPATHY_PAGE };
  return readImageCaptions(path, options, { layout, name: 'flickr30k', blip: 'flickr30k', media: FLICKR_MEDIA });
}

interface Named {
  readonly layout: Layout;
  /** In `dataset_*.json`. */
  readonly name: string;
  /** In BLIP's `*_train.json`. */
  readonly blip: string;
  readonly media: readonly string[];
}

/** Karpathy's one file, by its folder or itself, or BLIP's three. */
async function readImageCaptions(
  path: string,
  options: ReadOptions,
  { layout, name, blip, media }: Named,
): Promise<Source> {
  if (await isFile(path)) {
    const manifest = parseKarpathy({ name: basename(path), text: await readText(path) });
    return { ...(await located(dirname(path), manifest, media, options)), source: path };
  }
  const captions = [[`dataset_${name}.json`], files((split) => `${blip}_${split}.json`)];
  const texts = (await readAnnotations(path, layout, { captions })).captions;
  const [first] = texts;
  const manifest = first && texts.length === 1 ? parseKarpathy(first) : parseBlipCaptions(partsOf(texts));
  return located(path, manifest, media, options);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isFile(),
    () => false,
  );

async function readMsrvtt(path: string, options: ReadOptions): Promise<Source> {
  const variant = (options.variant ?? '1k-A') as MsrvttVariant;
  const lists = {
    '1k-A': [['MSRVTT_train.9k.csv'], ['train_list_jsfusion.txt']],
    '7k': [['MSRVTT_train.7k.csv']],
    full: [],
  };
  const captions = [
    ['MSRVTT_data.json'],
    ['videodatainfo_2017.json'],
    ['train_val_videodatainfo.json', 'test_videodatainfo.json'],
    ['MSR_VTT.json'],
  ];
  const test = [['MSRVTT_JSFUSION_test.csv'], ['msrvtt_test.jsonl']];
  const folders = [
    ...SHARED_FOLDERS,
    ...below(['', 'MSRVTT'], ['msrvtt_data', 'annotation', 'high-quality/structured-symlinks']),
  ];
  const layout = { title: 'MSR-VTT', folders, page: MSRVTT_PAGE };
  const needed: Record<string, Alternatives> = variant === 'full' ? { captions } : { captions, test };
  const found = await readAnnotations(path, layout, needed, { train: lists[variant] });
  const manifest = parseMsrvtt(
    { captions: found.captions ?? [], test: found.test?.[0] ?? null, train: found.train?.[0] ?? null },
    variant,
  );
  return located(path, manifest, MSRVTT_MEDIA, options);
}

async function readDidemo(path: string, options: ReadOptions): Promise<Source> {
  const layout = {
    title: 'DiDeMo',
    folders: SHARED_FOLDERS,
    page: 'https://github.com/LisaAnne/LocalizingMoments (folder data)',
  };
  const descriptions = [files((split) => `${split}_data.json`)];
  const found = await readAnnotations(path, layout, { descriptions });
  return located(path, parseDidemo(partsOf(found.descriptions)), DIDEMO_MEDIA, options);
}

async function readMsrvttQa(path: string, options: ReadOptions): Promise<Source> {
  const layout = {
    title: 'MSRVTT-QA',
    folders: [...SHARED_FOLDERS, 'MSRVTT-QA', 'msrvtt_qa', 'txt_db/msrvtt_qa'],
    page: `https://github.com/xudejing/video-question-answering; clips: ${MSRVTT_PAGE}`,
  };
  const questions = [files((split) => `${split}_qa.json`), files((split) => `${split}.jsonl`)];
  const found = await readAnnotations(path, layout, { questions });
  return located(path, parseMsrvttQa(partsOf(found.questions)), MSRVTT_MEDIA, options);
}

const questionsFile = (images: string): string => `v2_OpenEnded_mscoco_${images}_questions.json`;
const official = (images: string): readonly string[] => [questionsFile(images), `v2_mscoco_${images}_annotations.json`];

/**
 * `server`: train2014 and val2014 train, and answers to the test questions are for the server, as in BLIP. `val`: val2014
 * validates. Test questions, and BLIP's list of answers, are read where they are there.
 */
async function readVqa(path: string, options: ReadOptions): Promise<Source> {
  const layout = {
    title: 'VQA v2',
    folders: [...SHARED_FOLDERS, 'Questions', 'Annotations', 'vqa', 'vg', 'visual-genome', 'visual_genome'],
    page: 'https://visualqa.org/download.html, and question_answers.json from Visual Genome’s site',
  };
  const visualGenome = [['question_answers.json'], ['vg_qa.json']];
  const needed: Record<string, Alternatives> = {
    questions: [
      [...official('train2014'), ...official('val2014')],
      ['vqa_train.json', 'vqa_val.json'],
    ],
    ...(options.visualGenome && { visualGenome }),
  };
  const test = [[questionsFile('test2015')], [questionsFile('test-dev2015')], ['vqa_test.json']];
  const found = await readAnnotations(path, layout, needed, { test, answers: [['answer_list.json']] });
  const val: Split = options.variant === 'val' ? 'val' : 'train';
  const manifests = [
    parseQuestions(found.questions ?? [], val),
    ...(found.visualGenome ?? []).map(parseGenome),
    ...(found.test ?? []).map(parseTest),
  ];
  const manifest = {
    items: manifests.flatMap(({ items }) => items),
    flaws: manifests.flatMap(({ flaws }) => flaws),
  };
  const [list] = found.answers ?? [];
  const answers = list && readAnswers(new TextEncoder().encode(list.text), list.name);
  const media = [...COCO_MEDIA, ...(options.visualGenome ? VISUAL_GENOME_MEDIA : [])];
  return { ...(await located(path, manifest, media, options)), ...(answers && { answers }) };
}

/** Questions and annotations of two splits, or one file of BLIP's for each. */
function parseQuestions(texts: readonly Annotations[], val: Split): Manifest {
  const [first, second, third, fourth] = texts;
  if (first && second && third && fourth)
    return parseVqa([
      { split: 'train', questions: first, annotations: second },
      { split: val, questions: third, annotations: fourth },
    ] satisfies VqaPart[]);
  return parseBlipVqa(texts.map((file, i) => ({ split: i === 0 ? 'train' : val, file })));
}

const parseGenome = (file: Annotations): Manifest =>
  file.name === 'vg_qa.json' ? parseBlipVqa([{ split: 'train', file }]) : parseVisualGenome(file);

const parseTest = (file: Annotations): Manifest =>
  file.name === 'vqa_test.json'
    ? parseBlipVqa([{ split: 'test', file }])
    : parseVqa([{ split: 'test', questions: file, annotations: null }]);
