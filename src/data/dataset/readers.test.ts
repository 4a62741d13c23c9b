// Folders as people have them: fixtures of annotation files, and media of no content under the usual names.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FormatName } from '../../recipe/index.js';
import { SPLIT_NAMES } from '../items/index.js';
import { type Dataset, type DatasetOptions, openDataset } from './dataset.js';

let base = '';
let folders = 0;
before(async () => {
  base = await mkdtemp(join(tmpdir(), 'readers-'));
});
after(() => rm(base, { recursive: true }));

const FIXTURES = fileURLToPath(new URL('../formats/fixtures/', import.meta.url));

/** A dataset's folder. @param annotations  fixtures, and where in it they go */
async function folder(annotations: Readonly<Record<string, string>>, media: readonly string[]): Promise<string> {
  const root = join(base, `${++folders}`);
  for (const [fixture, place] of Object.entries(annotations))
    await cp(join(FIXTURES, fixture), join(root, place), { recursive: true });
  for (const path of media) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), '');
  }
  return root;
}

const open = (path: string, format: FormatName, options: Partial<DatasetOptions> = {}): Promise<Dataset> =>
  openDataset(path, { format, seed: 1, ...options });

/** Paths of all media from the dataset's folder, by split. */
const mediaOf = ({ splits }: Dataset, root: string) =>
  Object.fromEntries(
    SPLIT_NAMES.map((name) => [name, splits[name].items.map((_, i) => relative(root, splits[name].path(i)))]),
  );

const COCO = ['train2014/COCO_train2014_000000000404.jpg', 'val2014/COCO_val2014_000000000101.jpg'];
const MORE_COCO = ['val2014/COCO_val2014_000000000202.jpg', 'val2014/COCO_val2014_000000000303.jpg'];
const CLIPS = ['video0', 'video6512', 'video6513', 'video7009', 'video7010', 'video7020', 'video9999'];

test('COCO: Karpathy’s file or BLIP’s, images in the folders of their archives or all in one', async () => {
  const root = await folder({ coco: 'annotations' }, [...COCO, ...MORE_COCO]);
  const expected = { train: [MORE_COCO[0], COCO[0]], val: [MORE_COCO[1]], test: [COCO[1]] };
  assert.deepEqual(mediaOf(await open(root, 'coco'), root), expected);
  const flat = await folder(
    { 'coco-blip': 'annotation' },
    [...COCO, ...MORE_COCO].map((path) => path.replace(/.*\//, 'images/')),
  );
  assert.deepEqual(mediaOf(await open(flat, 'coco'), flat).test, ['images/COCO_val2014_000000000101.jpg']);
  const elsewhere = await folder({ 'coco/dataset_coco.json': 'mine.json' }, []);
  const one = await open(join(elsewhere, 'mine.json'), 'coco', { mediaRoot: root });
  assert.deepEqual(mediaOf(one, root), expected);
});

test('Flickr30K: images beside the annotations, or in a folder', async () => {
  for (const place of ['', 'flickr30k-images/', 'images/']) {
    const names = ['1000000001.jpg', '1000000002.jpg', '1000000003.jpg'].map((name) => `${place}${name}`);
    const root = await folder({ [place ? 'flickr30k' : 'flickr30k-blip']: '' }, names);
    assert.deepEqual(mediaOf(await open(root, 'flickr30k'), root), {
      train: [names[0]],
      val: [names[1]],
      test: [names[2]],
    });
  }
});

test('MSR-VTT: clips by number, whatever their extension, in the usual folders, or as folders of frames', async () => {
  const root = await folder(
    { msrvtt: 'msrvtt_data' },
    CLIPS.map((id) => `videos/all/${id}.${id.endsWith('0') ? 'webm' : 'mp4'}`),
  );
  const { train, val, test } = mediaOf(await open(root, 'msrvtt'), root);
  assert.deepEqual(train?.[0], 'videos/all/video0.webm');
  assert.deepEqual([train?.length, val?.length], [5, 0]);
  assert.deepEqual(test, ['videos/all/video7020.webm', 'videos/all/video9999.mp4']);
  assert.equal(mediaOf(await open(root, 'msrvtt', { variant: '7k' }), root).train?.length, 4);
  const official = await folder({ 'msrvtt-official': '' }, [
    ...CLIPS.slice(0, 4).map((id) => `TrainValVideo/${id}.mp4`),
    ...CLIPS.slice(4).map((id) => `TestVideo/${id}/1.jpg`),
  ]);
  const full = mediaOf(await open(official, 'msrvtt', { variant: 'full' }), official);
  assert.deepEqual(full.val, ['TrainValVideo/video6513.mp4', 'TrainValVideo/video7009.mp4']);
  assert.deepEqual(full.test, ['TestVideo/video7010', 'TestVideo/video7020', 'TestVideo/video9999']);
});

test('DiDeMo: clips as in the annotations, with one extension more, or with another', async () => {
  const names = ['11@N01_1_a.mov', '22@N02_2_b.avi.mp4', '33@N03_3_c.webm', '44@N04_4_d.mp4'].map(
    (name) => `videos/${name}`,
  );
  const root = await folder({ didemo: 'data' }, names);
  const found = mediaOf(await open(root, 'didemo'), root);
  assert.deepEqual(found, { train: names.slice(0, 2), val: [names[2]], test: [names[3]] });
});

test('MSRVTT-QA: its questions beside MSR-VTT’s clips', async () => {
  for (const fixture of ['msrvtt-qa', 'msrvtt-qa-clipbert']) {
    const root = await folder(
      { [fixture]: 'MSRVTT-QA' },
      CLIPS.map((id) => `MSRVTT/videos/all/${id}.mp4`),
    );
    const { splits } = await open(root, 'msrvtt-qa');
    assert.equal(splits.val.items[0]?.questions[0]?.type, 'how');
    assert.equal(relative(root, splits.val.path(0)), 'MSRVTT/videos/all/video7009.mp4');
  }
});

const VQA_MEDIA = [...COCO, ...MORE_COCO, 'test2015/COCO_test2015_000000000505.jpg', 'VG_100K_2/4.jpg'];

test('VQA v2: val2014 trains or validates, the test has no answers, Visual Genome only if it is wanted', async () => {
  const root = await folder({ vqav2: '' }, VQA_MEDIA);
  const server = await open(root, 'vqav2');
  assert.deepEqual(mediaOf(server, root), { train: [COCO[0], COCO[1], MORE_COCO[1]], val: [], test: [VQA_MEDIA[4]] });
  assert.deepEqual(
    server.splits.test.items[0]?.questions.map(({ answers }) => answers),
    [[], []],
  );
  const val = mediaOf(await open(root, 'vqav2', { variant: 'val', visualGenome: true }), root);
  assert.deepEqual(val.train, [COCO[0], 'VG_100K_2/4.jpg']);
  assert.deepEqual(val.val, [COCO[1], MORE_COCO[1]]);
});

test('VQA v2: BLIP’s files, with its list of answers', async () => {
  const root = await folder({ 'vqav2-blip': 'annotation' }, VQA_MEDIA);
  const dataset = await open(root, 'vqav2', { visualGenome: true });
  assert.deepEqual(mediaOf(dataset, root).train, [COCO[0], COCO[1], MORE_COCO[1], 'VG_100K_2/4.jpg']);
  assert.deepEqual(dataset.answers, ['yes', 'tram', 'goat', '1']);
});

test('an empty folder is one error with what was looked for and where to get it, for every format', async () => {
  const expected: Readonly<Partial<Record<FormatName, RegExp>>> = {
    coco: /dataset_coco\.json, or coco_karpathy_train\.json \+ coco_karpathy_val\.json \+ .*deepimagesent/,
    flickr30k: /dataset_flickr30k\.json, or flickr30k_train\.json/,
    msrvtt: /MSRVTT_JSFUSION_test\.csv, or msrvtt_test\.jsonl; there or in .*CLIP4Clip/,
    didemo: /train_data\.json \+ val_data\.json \+ test_data\.json; .*LocalizingMoments/,
    'msrvtt-qa': /train_qa\.json \+ .*, or train\.jsonl/,
    vqav2: /v2_mscoco_train2014_annotations\.json.*, or vqa_train\.json \+ vqa_val\.json \+ vqa_test\.json/,
  };
  const root = await folder({}, ['readme.txt']);
  for (const [format, message] of Object.entries(expected))
    await assert.rejects(
      open(root, format as FormatName, { visualGenome: true }),
      (error: Error & { code: string }) => {
        assert.match(error.message, /: files of .* are missing: got none of its files, expected /);
        assert.match(error.message, message);
        return error.code === 'file';
      },
    );
});

test('an incomplete folder says what was found; a path that is not there or a file is told apart', async () => {
  const root = await folder({ msrvtt: '', 'coco-blip': '' }, []);
  await rm(join(root, 'MSRVTT_JSFUSION_test.csv'));
  await rename(join(root, 'coco_karpathy_val.json'), join(root, 'coco_val.json'));
  await assert.rejects(
    open(root, 'msrvtt'),
    /got only MSRVTT_data\.json, MSRVTT_train\.9k\.csv, expected MSRVTT_JSFUSION_test/,
  );
  assert.deepEqual((await open(root, 'coco')).absent, ['coco_karpathy_val.json'], 'training says what it needs');
  assert.ok(await open(root, 'msrvtt', { variant: 'full' }), 'full needs no list of test clips');
  await assert.rejects(open(join(root, 'none'), 'didemo'), {
    code: 'file',
    message: /none: cannot be opened: got ENOENT/,
  });
  await assert.rejects(open(join(root, 'MSRVTT_data.json'), 'msrvtt'), /is a file: expected the folder/);
});

test('of every format the test files alone are enough to evaluate', async () => {
  const cases: readonly (readonly [FormatName, string, readonly string[], Partial<DatasetOptions>])[] = [
    ['coco', 'coco-blip', ['coco_karpathy_train.json', 'coco_karpathy_val.json'], {}],
    ['flickr30k', 'flickr30k-blip', ['flickr30k_train.json', 'flickr30k_val.json'], {}],
    ['didemo', 'didemo', ['train_data.json', 'val_data.json'], {}],
    ['msrvtt-qa', 'msrvtt-qa', ['train_qa.json', 'val_qa.json'], {}],
    ['msrvtt', 'msrvtt', ['MSRVTT_data.json', 'MSRVTT_train.9k.csv'], {}],
    ['msrvtt', 'msrvtt-official', ['train_val_videodatainfo.json'], { variant: 'full' }],
    ['vqav2', 'vqav2-blip', ['vqa_train.json', 'vqa_val.json'], { visualGenome: true }],
  ];
  for (const [format, fixture, gone, options] of cases) {
    const root = await folder({ [fixture]: '' }, []);
    const whole = await open(root, format, options);
    for (const name of gone) await rm(join(root, name), { force: true });
    const { splits, flaws, absent } = await open(root, format, options);
    assert.deepEqual([splits.train.items.length, splits.val.items.length, flaws], [0, 0, []], fixture);
    assert.deepEqual(splits.test.items, whole.splits.test.items, fixture);
    assert.ok(absent.length > 0 || options.variant === 'full', fixture);
  }
});

test('VQA v2: without val2014, training is told so; val2014 alone can be evaluated', async () => {
  const root = await folder({ vqav2: '' }, VQA_MEDIA);
  const files = await readdir(root);
  for (const name of files.filter((name) => name.includes('train2014') && name.endsWith('.json')))
    await rm(join(root, name));
  const { splits, absent } = await open(root, 'vqav2', { variant: 'val', visualGenome: true });
  assert.deepEqual([splits.train.items.length, splits.val.items.length > 0, absent.length], [0, true, 2]);
});

test('MSR-VTT: a test clip needs no caption in the caption files, its own list has one', async () => {
  const root = await folder({ msrvtt: '' }, []);
  const path = join(root, 'MSRVTT_data.json');
  const data = JSON.parse(await readFile(path, 'utf8'));
  data.sentences = data.sentences.filter(({ video_id }: { video_id: string }) => video_id !== 'video7020');
  await writeFile(path, JSON.stringify(data));
  const { flaws, splits, absent } = await open(root, 'msrvtt');
  assert.deepEqual([flaws, absent], [[], []]);
  assert.ok(splits.test.items.some(({ id, captions }) => id === 'video7020' && captions.length === 1));
});

test('MSR-VTT: half of the caption files is enough for 7k, and noticed for 1k-A', async () => {
  const root = await folder({ 'msrvtt-official': '' }, []);
  await rm(join(root, 'test_videodatainfo.json'));
  assert.deepEqual((await open(root, 'msrvtt')).absent, ['test_videodatainfo.json']);
  assert.deepEqual((await open(root, 'msrvtt', { variant: '7k' })).absent, []);
});

test('media that are not there keep the path of the annotations', async () => {
  const root = await folder({ msrvtt: '' }, []);
  const { splits } = await open(root, 'msrvtt');
  assert.equal(splits.test.path(0), join(root, 'video7020'));
  await assert.rejects(stat(splits.test.path(0)));
});
