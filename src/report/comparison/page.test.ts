// The page that compares runs, from made-up runs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STYLE } from '../page/style.js';
import { sampleComparison, sampleGroup, sampleRuns } from './fixtures/sample.js';
import { comparisonHtml } from './page.js';

const three = sampleRuns('retrieval', [
  { folder: 'runs/first', level: 60 },
  { folder: 'runs/lora', level: 64.2, recipe: { method: { name: 'lora', rank: 4 } } },
  { folder: 'other/first', level: null, recipe: { train: { epochs: 5 } } },
]);
const page = comparisonHtml(sampleComparison([await sampleGroup('retrieval', three)]));
const words = page.replaceAll(/data:image\/[^"]*/g, '');

/** Cells of the row of a table that begins with these words. */
function rowOf(html: string, start: string): string[] {
  const rows = [...html.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell = '']) => cell.replaceAll(/<[^>]*>/g, ' ').trim()),
  );
  return rows.find(([first = '']) => first.replace(/\s+/g, ' ').startsWith(start)) ?? assert.fail(`no row ${start}`);
}

test('the page says who is the best, by how much, and how sure that is', () => {
  assert.match(words, /lora is the best: mean recall 81\.4, 2\.0 above the next/);
  assert.match(words, /With 1,000 captions, an R@1 of 64\.2 is known to ±3\.0 \(95 %\)/); // 196 √(0.642 · 0.358 / 1000)
});

test('the best of each figure is marked, others say how far they are behind, whichever way is up', () => {
  assert.deepEqual(rowOf(words, 'B lora').slice(2, 6), ['64.2', '85.8', '92.9', '1.0']);
  assert.deepEqual(rowOf(words, 'A runs/first').slice(2, 6), [
    '60.0 −4.2',
    '84.5 −1.3',
    '92.3 −0.6',
    '1.0', // level with the best
  ]);
  assert.equal(
    words.match(/<td class="best"/g)?.length,
    11 + 4,
    'each of the eleven figures, and four ranks that are level',
  );
  assert.deepEqual(rowOf(words, 'tiny alone').slice(2, 4), ['11.4', '69.9']);
});

test('a run that is not finished shows how far it is', () => {
  assert.match(words, /not finished: step 250 of 500; \d\d\.\d on the validation split/);
  assert.ok(
    rowOf(words, 'C other/first')
      .slice(1, 4)
      .every((cell) => cell === '–'),
  );
  assert.match(words, /250 of 500<\/td><td>1 min 22 s/);
});

test('only keys of the recipes that differ are listed, with what they mean', () => {
  assert.deepEqual(rowOf(words, 'method.name').slice(1), ['uniadapter', 'lora', 'uniadapter']);
  assert.deepEqual(rowOf(words, 'method.rank').slice(1), ['–', '4', '–']);
  assert.ok(!words.includes('<code>method.bottleneck'), 'not of all methods, and at its default where it is');
  const [first = '', ...epochs] = rowOf(words, 'train.epochs');
  assert.match(first, /Passes over the training samples/);
  assert.deepEqual(epochs, ['auto', 'auto', '5']);
  assert.ok(!words.includes('<code>train.batch'), 'the same everywhere');
  assert.ok(!words.includes('<code>answering.'), 'no run answers');
});

test('runs have the same letter and colour in tables, legends and curves, and names that no other has', () => {
  for (const name of ['runs/first', 'lora', 'other/first']) assert.ok(words.includes(`<span>${name}</span>`), name);
  assert.match(words, /<span class="badge" style="background: var\(--run-2\)">B<\/span><span>lora/);
  const [chart = ''] = /<h2>Loss<\/h2>[\s\S]*?<svg[\s\S]*?<\/svg>/.exec(words) ?? [];
  for (const colour of [1, 2, 3]) assert.ok(chart.includes(`stroke="var(--run-${colour})"`), `curve ${colour}`);
  for (const letter of ['A', 'B', 'C']) assert.ok(chart.includes(`>${letter}</text>`), `letter ${letter}`);
  for (const colour of [1, 8])
    assert.equal(STYLE.match(new RegExp(`--run-${colour}:`, 'g'))?.length, 2, 'light and dark');
});

test('examples are shown side by side, the backbone alone among them', () => {
  assert.match(words, /<h2>The same searches, side by side<\/h2>/);
  assert.equal(words.match(/<div class="label"><b>tiny alone<\/b>/g)?.length, 4);
});

test('the page loads nothing and runs nothing', () => {
  assert.doesNotMatch(words, /https?:|\/\/|url\(|@import|<script|<link|srcset/i);
  assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;/);
  assert.doesNotMatch(words, /undefined|NaN|\[object/);
});

test('runs that are level are both the best', async () => {
  const runs = sampleRuns('answering', [
    { folder: 'a', level: 60.04 },
    { folder: 'b', level: 60.01 },
    { folder: 'c', level: 50 },
  ]);
  const html = comparisonHtml(sampleComparison([await sampleGroup('answering', runs)]));
  assert.match(html, /a and b are level: accuracy 60\.0\./);
  assert.match(html, /Nothing: all \d+ keys of the recipes are the same/);
});

test('scores of other frames stand side by side, and none is the best of all', async () => {
  const runs = sampleRuns('captioning', [
    { folder: 'four', level: 40, frames: 4 },
    { folder: 'eight', level: 50, frames: 8 },
  ]);
  const html = comparisonHtml(sampleComparison([await sampleGroup('captioning', runs)]));
  assert.doesNotMatch(html, /class="best"|is the best|−16\.0/);
  assert.deepEqual(rowOf(html, 'A four').slice(1, 3), ['64.0', '40.0']);
});

test('the best of those with few frames is not called the best of all', async () => {
  const runs = sampleRuns('captioning', [
    { folder: 'four', level: 40, frames: 4 },
    { folder: 'four too', level: 30, frames: 4 },
    { folder: 'eight', level: 50, frames: 8 },
  ]);
  const html = comparisonHtml(sampleComparison([await sampleGroup('captioning', runs)]));
  assert.doesNotMatch(html, /is the best|are level/);
  assert.match(html, /3 runs of captioning, side by side\./);
});

test('runs of several tasks are parted, each with its own best', async () => {
  const [a, b, c, d] = sampleRuns('retrieval', [
    { folder: 'a', level: 60 },
    { folder: 'b', level: 50 },
    { folder: 'c', level: null },
    { folder: 'd', level: null },
  ]);
  assert.ok(a && b && c && d);
  const answering = sampleRuns('answering', [
    { folder: 'c', level: 70 },
    { folder: 'd', level: 71 },
  ]).map((run, i) => ({ ...run, index: i + 2, letter: 'CD'[i] as string }));
  const groups = [
    await sampleGroup('retrieval', [a, b]),
    { ...(await sampleGroup('answering', answering)), apart: 'another task' },
  ];
  const html = comparisonHtml(sampleComparison(groups));
  assert.match(html, /4 runs, 2 kinds of test/);
  assert.match(html, /answering · .*\(another task than the first\)/);
  assert.match(html, /<h2>retrieval · /);
  assert.match(html, /var\(--run-4\)">D</);
});

test('names and captions are text, whatever they hold', async () => {
  const runs = sampleRuns('retrieval', [
    { folder: 'a<b>', level: 1 },
    { folder: 'x"', level: 2 },
  ]);
  const html = comparisonHtml(sampleComparison([await sampleGroup('retrieval', runs)]));
  assert.ok(html.includes('a&lt;b&gt;') && html.includes('x&quot;') && !html.includes('a<b>'));
});
