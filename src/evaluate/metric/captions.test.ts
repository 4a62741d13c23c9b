// fixtures/captions.json: captions made up for this test, and what pycocoevalcap, its Java tokenizer included, says of
// them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CaptionMetrics, captionMetrics } from './captions.js';
import { wordsOf } from './words.js';

interface Fixture {
  readonly items: readonly {
    readonly written: string;
    readonly references: readonly string[];
    readonly words: readonly string[];
  }[];
  readonly all: CaptionMetrics;
  readonly first8: CaptionMetrics;
  readonly oneReference: CaptionMetrics;
  readonly single: CaptionMetrics;
}
const fixture = JSON.parse(
  readFileSync(new URL('fixtures/captions.json', import.meta.url), 'utf8'),
) as unknown as Fixture;
const written = fixture.items.map((item) => item.written);
const references = fixture.items.map((item) => item.references);

function assertClose(actual: CaptionMetrics, expected: CaptionMetrics): void {
  for (const [a, b] of [
    [actual.CIDEr, expected.CIDEr],
    ...actual.BLEU.map((value, i) => [value, expected.BLEU[i]]),
  ] as const)
    assert.ok(Math.abs((a as number) - (b as number)) < 1e-6, `${a} is not ${b}`);
}

test('captions are cut into the words that the tokenizer of coco-caption gives', () => {
  for (const { written, references, words } of fixture.items)
    assert.deepEqual(
      [written, ...references].map((caption) => wordsOf(caption).join(' ')),
      words,
    );
});

test('BLEU and CIDEr-D equal pycocoevalcap on a split, a part of it, one reference each, and one item', () => {
  assertClose(captionMetrics(written, references), fixture.all);
  assertClose(captionMetrics(written.slice(0, 8), references.slice(0, 8)), fixture.first8);
  const firsts = references.map(([first]) => [first as string]);
  assertClose(captionMetrics(written, firsts), fixture.oneReference);
  assertClose(captionMetrics(written.slice(0, 1), references.slice(0, 1)), fixture.single);
});

test('a caption equal to the only reference scores 1000 and 100, an empty one 0', () => {
  const captions = ['a dog runs on the beach', 'two cats sleep on a sofa', 'a red bus stops here'];
  const perfect = captionMetrics(
    captions,
    captions.map((caption) => [`${caption.toUpperCase()}.`]),
  );
  assertClose(perfect, { CIDEr: 1000, BLEU: [100, 100, 100, 100] });
  const empty = captionMetrics(
    ['', ' ', '.'],
    captions.map((caption) => [caption]),
  );
  assertClose(empty, { CIDEr: 0, BLEU: [0, 0, 0, 0] });
});

const caption = fc
  .array(fc.constantFrom('a', 'dog', 'cat', 'runs', 'red'), { maxLength: 7 })
  .map((words) => words.join(' '));
const splits = fc.array(
  fc.record({ written: caption, references: fc.array(caption, { minLength: 1, maxLength: 3 }) }),
  {
    minLength: 1,
    maxLength: 5,
  },
);
const scored = (items: readonly { written: string; references: string[] }[]) =>
  captionMetrics(
    items.map((item) => item.written),
    items.map((item) => item.references),
  );

test('neither the order of items nor that of references counts, and nothing is below 0 or above its maximum', () => {
  fc.assert(
    fc.property(splits, (items) => {
      const scores = scored(items);
      const turned = items.map((item) => ({ ...item, references: item.references.toReversed() })).reverse();
      assertClose(scored(turned), scores);
      for (const bleu of scores.BLEU) assert.ok(bleu >= 0 && bleu <= 100 + 1e-6, `${bleu}`);
      assert.ok(scores.CIDEr >= 0 && scores.CIDEr <= 1000 + 1e-6, `${scores.CIDEr}`);
    }),
  );
});

test('BLEU-1 is the clipped share of words times the penalty for brevity, by hand', () => {
  const of = (caption: string, ...others: string[]) => captionMetrics([caption], [others]).BLEU[0];
  assert.ok(Math.abs(of('the the the the', 'the cat the', 'a cat') - 50) < 1e-6); // 2 of 4
  assert.ok(Math.abs(of('a cat', 'a cat sleeps here') - 100 * Math.exp(1 - 4 / 2)) < 1e-6);
  assert.ok(Math.abs(of('a cat', 'a', 'a cat in') - 100) < 1e-6); // 1 and 3 words are equally near: the shorter counts
});

test('captions that do not pair up with references are refused', () => {
  for (const [captions, others] of [
    [[], []],
    [['a'], []],
    [['a'], [[]]],
  ] as const)
    assert.throws(() => captionMetrics(captions, others), { code: 'data' });
});
