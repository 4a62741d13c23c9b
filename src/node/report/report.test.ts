import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { parseRecipe } from '../../recipe/index.js';
import { fakeContext, fakeRun, PLAN, SCORES } from '../commands/fixtures/fake.js';
import { main } from '../commands/program.js';
import { sample } from './fixtures/sample.js';
import { readEvents, reportHtml } from './index.js';

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
  for (const heading of [
    'The same searches, before and after',
    'Scores',
    'Loss',
    'Recall while training',
    'What was trained',
    'Use it again',
    'Recipe',
  ])
    assert.ok(page.includes(`<h2>${heading}</h2>`), heading);
  assert.ok(page.includes('uniadapter search runs/fluent-3d/adapter'));
  assert.ok(page.includes('manifest: photos/captions.jsonl'));
  assert.equal(page.match(/<blockquote>/g)?.length, data.queries.length);
  assert.equal(page.match(/class="tile right"/g)?.length, 5, 'the right image is outlined wherever it is shown');
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
    recallChart: null,
    queries: [],
  };
  const [html = ''] = reportHtml(bare).split('<h2>Recipe</h2>'); // in which null and false are values
  assert.match(html, /This run is not finished yet/);
  assert.doesNotMatch(html, /undefined|NaN|null|false/);
});

test('lines of events that a crash cut off are left out, wherever they stand', async () => {
  const run = join(folder, 'cut');
  await mkdir(run);
  const write = (text: string) => writeFile(join(run, 'events.jsonl'), text);
  await write(`${JSON.stringify(PLAN)}\n{"type":"st`);
  assert.equal((await readEvents(run)).length, 1);
  await write(`{"type":"st\n${JSON.stringify(PLAN)}\n`);
  assert.equal((await readEvents(run)).length, 1);
  await assert.rejects(readEvents(join(folder, 'nowhere')), /nowhere: is no run/);
});

/** A finished run with four test images, each with its own caption, and what it learnt: file names. */
async function finishedRun(): Promise<string> {
  const run = join(folder, 'run');
  await mkdir(join(run, 'adapter'), { recursive: true });
  const colours = ['red', 'green', 'blue', 'white'];
  for (const background of colours)
    await sharp({ create: { width: 40, height: 20, channels: 3, background } }).toFile(join(run, `${background}.png`));
  const lines = colours.map((name) => JSON.stringify({ image: `${name}.png`, caption: `all ${name}`, split: 'test' }));
  await writeFile(join(run, 'captions.jsonl'), lines.join('\n'));
  const recipe = parseRecipe({ data: { manifest: join(run, 'captions.jsonl') } }, 'test');
  await writeFile(join(run, 'recipe.json'), JSON.stringify(recipe));
  const { context } = fakeContext();
  const events: unknown[] = [];
  for await (const event of (await context.run()).trainRun(recipe, {
    out: run,
    resume: false,
    signal: new AbortController().signal,
  }))
    events.push(event);
  await writeFile(join(run, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return run;
}

test('uniadapter report writes one file from a run folder, with searches before and after', async () => {
  const run = await finishedRun();
  const calls: { name: string; given: unknown }[] = [];
  const { context, written } = fakeContext(fakeRun(calls));
  assert.equal(await main(['report', run, '--queries', '3'], context, '0'), 0, written.err);
  assert.equal(written.out, `${join(run, 'report.html')}\n`);
  const html = await readFile(join(run, 'report.html'), 'utf8');
  assert.equal(html.match(/<blockquote>“all (red|green|blue|white)”/g)?.length, 3);
  assert.equal(html.match(/src="data:image\/webp;base64,/g)?.length, 3 * 2 * 4);
  assert.match(html, /searched in all 4 images of the test split/);
  assert.match(html, new RegExp(SCORES.textToMedia['R@1']?.toFixed(1) ?? ''));
  assert.deepEqual(
    calls.filter(({ name }) => name === 'openSearch').map(({ given }) => (given as { adapter: string | null }).adapter),
    [null, join(run, 'adapter')],
  );
});
