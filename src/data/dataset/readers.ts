// Datasets by format: which files are looked for in a folder, and who reads them. docs/formats.md lists the same.
import { basename, dirname } from 'node:path';
import { found, readText } from '../../files/files.js';
import type { FormatName } from '../../recipe/index.js';
import {
  type Annotations,
  type MsrvttVariant,
  type Part,
  parseBlipCaptions,
  parseDidemo,
  parseKarpathy,
  parseMsrvtt,
  parseMsrvttQa,
} from '../formats/index.js';
import { SPLIT_NAMES, type Split } from '../items/index.js';
import {
  type Alternatives,
  below,
  COCO_MEDIA,
  type Layout,
  located,
  type PartialSet,
  type Parts,
  readAnnotations,
  readParts,
  SHARED_FOLDERS,
} from './lookup.js';
import { readManifest } from './manifest.js';
import type { Reader, ReadOptions, Source } from './source.js';
import { readVqa } from './vqa.js';

export const readers: Readonly<Record<FormatName, Reader>> = {
  manifest: readManifest,
  coco: readCoco,
  flickr30k: readFlickr,
  msrvtt: readMsrvtt,
  didemo: readDidemo,
  'msrvtt-qa': readMsrvttQa,
  vqav2: readVqa,
};

const KARPATHY_PAGE = 'https://cs.stanford.edu/people/karpathy/deepimagesent/ (caption_datasets.zip)';
const MSRVTT_PAGE =
  'https://github.com/ArrowLuo/CLIP4Clip (msrvtt_data.zip) or https://github.com/m-bain/frozen-in-time (MSRVTT.zip)';

const FLICKR_MEDIA = ['', 'flickr30k-images', 'flickr30k_images', 'images', 'Images', 'flickr30k-images/images'];
const MSRVTT_MEDIA = below(
  ['', 'MSRVTT'],
  ['', 'videos/all', 'videos', 'all', 'TrainValVideo', 'TestVideo', 'train-video', 'test-video', 'MSRVTT_Videos'],
);
const DIDEMO_MEDIA = ['', 'videos', 'DiDeMo_Videos', 'data/videos', 'video', 'train', 'val', 'test'];

const files = (nameOf: (split: Split) => string): PartialSet => ({
  train: [nameOf('train')],
  val: [nameOf('val')],
  test: [nameOf('test')],
});
const partsOf = ({ found }: Parts): Part[] =>
  SPLIT_NAMES.flatMap((split) => (found[split] ?? []).map((file) => ({ split, file })));

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
  const whole = { all: [`dataset_${name}.json`] };
  const read = await readParts(path, layout, [whole, files((split) => `${blip}_${split}.json`)]);
  const [file] = read.found.all ?? [];
  return located(path, file ? parseKarpathy(file) : parseBlipCaptions(partsOf(read)), media, options, read.absent);
}

const isFile = async (path: string): Promise<boolean> => (await found(path))?.isFile() ?? false;

const MSRVTT_LAYOUT: Layout = {
  title: 'MSR-VTT',
  folders: [
    ...SHARED_FOLDERS,
    ...below(['', 'MSRVTT'], ['msrvtt_data', 'annotation', 'high-quality/structured-symlinks']),
  ],
  page: MSRVTT_PAGE,
};
const MSRVTT_CAPTIONS: Alternatives = [
  ['MSRVTT_data.json'],
  ['videodatainfo_2017.json'],
  ['train_val_videodatainfo.json', 'test_videodatainfo.json'],
  ['MSR_VTT.json'],
  ['train_val_videodatainfo.json'],
  ['test_videodatainfo.json'],
];
const MSRVTT_TEST: Alternatives = [['MSRVTT_JSFUSION_test.csv'], ['msrvtt_test.jsonl']];
const MSRVTT_TRAIN: Readonly<Record<MsrvttVariant, Alternatives>> = {
  '1k-A': [['MSRVTT_train.9k.csv'], ['train_list_jsfusion.txt']],
  '7k': [['MSRVTT_train.7k.csv']],
  full: [],
};

async function readMsrvtt(path: string, options: ReadOptions): Promise<Source> {
  const variant = (options.variant ?? '1k-A') as MsrvttVariant;
  const isFull = variant === 'full';
  // the test clips of 1k-A have their captions in a list of their own, which is enough to evaluate
  const needed: Readonly<Record<string, Alternatives>> = isFull ? { captions: MSRVTT_CAPTIONS } : { test: MSRVTT_TEST };
  const others = { captions: MSRVTT_CAPTIONS, train: MSRVTT_TRAIN[variant] };
  const found = await readAnnotations(path, MSRVTT_LAYOUT, needed, others);
  const { captions = [], test = [], train = [] } = found;
  const manifest = parseMsrvtt({ captions, test: test[0] ?? null, train: train[0] ?? null }, variant);
  return located(path, manifest, MSRVTT_MEDIA, options, absentCaptions(captions, variant));
}

/** The caption files that training of a variant needs: of the two of 2016, 7k does without the one for testing. */
function absentCaptions(captions: readonly Annotations[], variant: MsrvttVariant): readonly string[] {
  const [{ name } = { name: '' }, ...others] = captions;
  if (name === '') return ['MSRVTT_data.json'];
  if (name === 'test_videodatainfo.json') return ['train_val_videodatainfo.json'];
  const isHalf = name === 'train_val_videodatainfo.json' && others.length === 0;
  return isHalf && variant === '1k-A' ? ['test_videodatainfo.json'] : [];
}

async function readDidemo(path: string, options: ReadOptions): Promise<Source> {
  const layout = {
    title: 'DiDeMo',
    folders: SHARED_FOLDERS,
    page: 'https://github.com/LisaAnne/LocalizingMoments (folder data)',
  };
  const read = await readParts(path, layout, [files((split) => `${split}_data.json`)]);
  return located(path, parseDidemo(partsOf(read)), DIDEMO_MEDIA, options, read.absent);
}

async function readMsrvttQa(path: string, options: ReadOptions): Promise<Source> {
  const layout = {
    title: 'MSRVTT-QA',
    folders: [...SHARED_FOLDERS, 'MSRVTT-QA', 'msrvtt_qa', 'txt_db/msrvtt_qa'],
    page: `https://github.com/xudejing/video-question-answering; clips: ${MSRVTT_PAGE}`,
  };
  const sets = [files((split) => `${split}_qa.json`), files((split) => `${split}.jsonl`)];
  const read = await readParts(path, layout, sets);
  return located(path, parseMsrvttQa(partsOf(read)), MSRVTT_MEDIA, options, read.absent);
}
