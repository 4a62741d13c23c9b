import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { type Calls, fakeContext, fakeRun, SCORES } from '../cli/fixtures/fake.js';
import { main } from '../cli/program.js';
import type { TaskName } from '../model/index.js';
import { parseRecipe } from '../recipe/index.js';
import { reportHtml } from './index.js';
import { sample } from './run/fixtures/sample.js';

const data = await sample();
const page = reportHtml(data);

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uniadapter-report-'));
});
after(() => rm(folder, { recursive: true }));

test('a report says what was gained, what was trained and how to use it', () => {
  for (const text of [
    '11.4',
    '64.2',
    '13.2',
    '66.0',
    '301,856',
    '2,914,306',
    '10 %',
    '1.2 MB',
    '11.7 MB',
    '2 min 43 s',
  ])
    assert.ok(page.includes(text), text);
  const headings = [
    'The same searches, before and after',
    'Scores',
    'Loss',
    'Scores while training',
    'What was trained',
  ];
  for (const heading of [...headings, 'Use it again', 'Recipe'])
    assert.ok(page.includes(`<h2>${heading}</h2>`), heading);
  assert.ok(page.includes('uniadapter search runs/fluent-3d/adapter'));
  assert.ok(page.includes('path: photos/captions.jsonl'));
  assert.equal(page.match(/<blockquote>/g)?.length, 4);
  assert.equal(page.match(/class="tile right"/g)?.length, 5, 'the right image is outlined wherever it is shown');
});

test('clips are strips of frames, each with how much it was looked at', async () => {
  const html = reportHtml(await sample('retrieval', true));
  const strips = html.match(/class="tile( right)? strip"/g)?.length ?? 0;
  assert.equal(strips, 4 * 2 * 3);
  assert.equal(html.match(/<div class="weight"><i style="width: \d+%"><\/i>\d\.\d\d</g)?.length, strips * 8);
  assert.match(html, /<dt>frames of a clip<\/dt><dd>8, weighed<\/dd>/);
  assert.match(html, /Text → video/);
  assert.ok(html.includes('1 is an even share') && !reportHtml(await sample('retrieval')).includes('even share'));
});

test('answers are shown before and after, with the right ones marked, and scored by type', async () => {
  const html = reportHtml(await sample('answering'));
  assert.equal(html.match(/class="answer hit"/g)?.length, 4 + 3, 'third before, first after but for one');
  assert.ok(html.includes('what color is the &lt;i&gt;apple&lt;/i&gt;'));
  for (const text of ['Accuracy', 'where', '55.2', '19.4', '2.4']) assert.ok(html.includes(text), text);
});

test('a question that only a server can score says nothing of people', async () => {
  const { examples, ...known } = await sample('answering');
  assert.ok(examples?.task === 'answering');
  const asked = examples.asked.map((one) => ({ ...one, truths: [] }));
  const html = reportHtml({ ...known, examples: { task: 'answering', asked } });
  assert.ok(!html.includes('People:') && !html.includes('answer hit') && html.includes('orange'));
});

test('captions are shown beside those that people wrote', async () => {
  const html = reportHtml(await sample('captioning'));
  for (const text of [
    'a small thing',
    'a red boat on the left',
    'there is a &lt;b&gt;red&lt;/b&gt; boat',
    'CIDEr',
    'BLEU-4',
  ])
    assert.ok(html.includes(text), text);
});

test('a report loads nothing: no address, no script, and a policy that forbids both', () => {
  const words = page.replaceAll(/data:image\/[^"]*/g, '');
  assert.doesNotMatch(words, /https?:|\/\/|url\(|@import|<script|<link|srcset/i, 'an address');
  for (const [, source] of page.matchAll(/(?:src|href)="([^"]*)"/g)) assert.match(source ?? '', /^data:image\//);
  assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:;/);
});

test('captions are text, whatever they hold', () => {
  assert.ok(page.includes('a small boat &amp; &lt;b&gt;two&lt;/b&gt; &quot;birds&quot;'));
  assert.ok(!page.includes('<b>two'));
});

test('charts take their colours from the page, so that they follow light and dark', () => {
  assert.match(page, /prefers-color-scheme: dark/);
  assert.match(data.lossChart?.wide ?? '', /stroke="var\(--after\)"/);
  assert.doesNotMatch(data.lossChart?.wide ?? '', /#[0-9a-f]{3,6}"/, 'a fixed colour');
});

test('a run without test split or validation has a page too', () => {
  const bare = {
    ...data,
    before: null,
    after: null,
    done: null,
    validations: [],
    lossChart: null,
    scoreChart: null,
    examples: null,
  };
  const [html = ''] = reportHtml(bare).split('<h2>Recipe</h2>'); // in which null and false are values
  assert.match(html, /This run is not finished yet/);
  assert.doesNotMatch(html, /undefined|NaN|null|false/);
});

const COLOURS = ['red', 'green', 'blue', 'white'];

/** A finished run with four test images, each with its own caption and question, and what it learnt: file names. */
async function finishedRun(task: TaskName): Promise<string> {
  const run = join(folder, task);
  await mkdir(join(run, 'adapter'), { recursive: true });
  for (const background of COLOURS)
    await sharp({ create: { width: 40, height: 20, channels: 3, background } }).toFile(join(run, `${background}.png`));
  const lines = COLOURS.map((name) =>
    JSON.stringify({
      ...{ image: `${name}.png`, caption: `all ${name}`, split: 'test' },
      ...{ question: `is this ${name}?`, answer: 'red' },
    }),
  );
  await writeFile(join(run, 'items.jsonl'), lines.join('\n'));
  const recipe = parseRecipe({ task, data: { path: join(run, 'items.jsonl') } }, 'test');
  await writeFile(join(run, 'recipe.json'), JSON.stringify(recipe));
  const events: unknown[] = [];
  const options = { out: run, resume: false, signal: new AbortController().signal };
  for await (const event of fakeRun().trainRun(recipe, options)) events.push(event);
  await writeFile(join(run, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return run;
}

/** The report of a finished run, with three examples. */
async function reportOf(task: TaskName) {
  const run = await finishedRun(task);
  const calls: Calls = [];
  const { context, written } = fakeContext(fakeRun(calls));
  assert.equal(await main(['report', run, '--examples', '3'], context, '0'), 0, written.err);
  assert.equal(written.out, `${join(run, 'report.html')}\n`);
  const html = await readFile(join(run, 'report.html'), 'utf8');
  const adaptersOf = (name: string) =>
    calls.filter((call) => call.name === name).map((call) => (call.given as { adapter: string | null }).adapter);
  return { run, html, adaptersOf, calls };
}

test('uniadapter report writes one file from a run folder, with searches before and after', async () => {
  const { run, html, adaptersOf } = await reportOf('retrieval');
  assert.equal(html.match(/<blockquote>“all (red|green|blue|white)”/g)?.length, 3);
  assert.equal(html.match(/src="data:image\/webp;base64,/g)?.length, 3 * 2 * 4);
  assert.match(html, /searched in all 4 images of the test split/);
  assert.match(html, new RegExp(SCORES.retrieval.textToMedia['R@1']?.toFixed(1) ?? ''));
  assert.deepEqual(adaptersOf('evaluateRun'), [null]);
  assert.deepEqual(adaptersOf('openSearch'), [null, join(run, 'adapter')]);
});

test('a report of answering asks the same questions before and after', async () => {
  const { run, html, adaptersOf, calls } = await reportOf('answering');
  assert.equal(html.match(/<blockquote>is this (red|green|blue|white)\?/g)?.length, 3);
  assert.equal(html.match(/class="answer hit"><span>red/g)?.length, 3 * 2);
  assert.equal(html.match(/src="data:image\/webp;base64,/g)?.length, 3);
  assert.deepEqual(adaptersOf('openAsking'), [null, join(run, 'adapter')]);
  const asked = calls.flatMap(({ name, given }) => (name === 'ask' ? [given] : []));
  assert.deepEqual(asked.slice(0, 3), asked.slice(3));
  for (const { path, questions } of asked as { path: string; questions: string[] }[])
    assert.equal(basename(path, '.png'), /is this (\w+)/.exec(questions[0] ?? '')?.[1], 'about its own picture');
});

test('a report of captioning captions the same images before and after', async () => {
  const { run, html, adaptersOf } = await reportOf('captioning');
  assert.equal(html.match(/<blockquote>a caption \d/g)?.length, 3);
  assert.equal(html.match(/People: all (red|green|blue|white)/g)?.length, 3);
  assert.deepEqual(adaptersOf('caption'), [null, join(run, 'adapter')]);
});
