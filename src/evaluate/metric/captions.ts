// Written captions against people's, as coco-caption scores them: BLEU-1 to BLEU-4 of the whole split and CIDEr-D.
// Papineni et al. 2002, https://aclanthology.org/P02-1040; Vedantam et al. 2015, https://arxiv.org/abs/1411.5726 §4
// and, for the D, §7; https://github.com/tylin/coco-caption.
import { fail } from '../../error/index.js';
import { bootstrap, type Interval } from './interval.js';
import { wordsOf } from './words.js';

export interface CaptionMetrics {
  /** 100 times the mean over captions, as it is published: 133.3, say. */
  readonly CIDEr: number;
  /** BLEU-1 to BLEU-4 in percent. */
  readonly BLEU: readonly [number, number, number, number];
}

/** The longest n-gram. */
const N = 4;
/** Of CIDEr-D's penalty for another length. */
const SIGMA = 6;
/** As upstream: BLEU divides and multiplies by no zeros. */
const SMALL = 1e-9;
const TINY = 1e-15;

/** How often each n-gram occurs in a caption, n by n; words of an n-gram are joined by spaces. */
type Counts = readonly ReadonlyMap<string, number>[];

/** One item, its captions cut into words. */
interface Compared {
  readonly written: readonly string[];
  readonly references: readonly (readonly string[])[];
}

/**
 * BLEU and CIDEr-D of one written caption per item. How telling an n-gram is, is counted in the references given here:
 * CIDEr of a part of a split is not comparable with CIDEr of all, and with a single item it is 0.
 *
 * @param written     one caption per item; an empty one scores 0
 * @param references  what people wrote, at least one caption per item
 * @throws `data` when there are no items, not one caption to each, or an item without references
 */
export function captionMetrics(written: readonly string[], references: readonly (readonly string[])[]): CaptionMetrics {
  const items = compared(written, references);
  return { CIDEr: 100 * mean(ciders(items)), BLEU: bleu(items.map(matches)) };
}

/** 95 % intervals of {@link captionMetrics}: of items drawn again, how telling an n-gram is stays as it was. @throws likewise */
export function captionIntervals(
  written: readonly string[],
  references: readonly (readonly string[])[],
): { readonly CIDEr: Interval; readonly BLEU: readonly Interval[] } {
  const items = compared(written, references);
  const each = ciders(items);
  const matched = items.map(matches);
  const all = (drawn: Uint32Array) => bleu(Array.from(drawn, (item) => matched[item] as Matches));
  const [CIDEr, ...BLEU] = bootstrap(items.length, [
    (drawn) => 100 * mean(Array.from(drawn, (item) => each[item] as number)),
    ...Array.from({ length: N }, (_, n) => (drawn: Uint32Array) => all(drawn)[n] as number),
  ]) as readonly [Interval, ...Interval[]];
  return { CIDEr, BLEU };
}

function compared(written: readonly string[], references: readonly (readonly string[])[]): readonly Compared[] {
  const complete = written.length === references.length && references.every(({ length }) => length > 0);
  if (!complete || written.length === 0)
    fail('data', {
      where: 'caption metrics',
      what: 'captions and references do not pair up',
      got: `${written.length} captions, ${references.filter(({ length }) => length > 0).length} items with references`,
      expected: 'as many of each, at least one',
    });
  return written.map((caption, i) => ({
    written: wordsOf(caption),
    references: (references[i] as readonly string[]).map(wordsOf),
  }));
}

/** What BLEU counts of an item. */
interface Matches {
  readonly length: number;
  /** Of the nearest reference. */
  readonly wanted: number;
  /** n by n. */
  readonly guessed: readonly number[];
  readonly matched: readonly number[];
}

function matches({ written, references }: Compared): Matches {
  const counts = references.map(ngrams);
  const own = ngrams(written).map((map, n) =>
    [...map].map(([ngram, count]) => {
      const most = Math.max(...counts.map((reference) => reference[n]?.get(ngram) ?? 0));
      return { count, matched: Math.min(count, most) };
    }),
  );
  return {
    length: written.length,
    wanted: closest(references, written.length),
    guessed: own.map((ngrams) => sum(ngrams.map(({ count }) => count))),
    matched: own.map((ngrams) => sum(ngrams.map(({ matched }) => matched))),
  };
}

function bleu(items: readonly Matches[]): CaptionMetrics['BLEU'] {
  const total = (of: (item: Matches) => number) => items.reduce((all, item) => all + of(item), 0);
  const ratio = (total(({ length }) => length) + TINY) / (total(({ wanted }) => wanted) + SMALL);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  const scores = Array.from({ length: N }, (_, n) => {
    const [matched, guessed] = [total((item) => item.matched[n] as number), total((item) => item.guessed[n] as number)];
    product *= (matched + TINY) / (guessed + SMALL);
    return 100 * product ** (1 / (n + 1)) * brevity;
  });
  return scores as unknown as CaptionMetrics['BLEU'];
}

/** The reference length nearest to a length, the shorter of two equally near ones. */
const closest = (references: Compared['references'], length: number): number =>
  references
    .map((reference) => reference.length)
    .reduce((best, other) => {
      const gain = Math.abs(best - length) - Math.abs(other - length);
      return gain > 0 || (gain === 0 && other < best) ? other : best;
    });

/** CIDEr-D of every item, 0…10. */
function ciders(items: readonly Compared[]): readonly number[] {
  const counted = items.map(({ written, references }) => ({
    written: ngrams(written),
    references: references.map(ngrams),
  }));
  const frequency = documentFrequency(counted.map(({ references }) => references));
  const logItems = Math.log(items.length);
  const vector = (counts: Counts) => weighted(counts, frequency, logItems);
  return counted.map(({ written, references }) => {
    const own = vector(written);
    const similarities = references.map((reference) => similarity(own, vector(reference)));
    return mean(similarities) * 10;
  });
}

/** Captions that are compared with each other, at most, to find the most typical one. */
const TYPICAL = 2000;

/**
 * The caption nearest to all others: what somebody would write who sees nothing. Of many captions evenly spaced ones are compared.
 *
 * @param captions  at least one
 */
export function typicalCaption(captions: readonly string[]): string {
  const spacing = Math.max(1, captions.length / TYPICAL);
  const some = Array.from(
    { length: Math.floor(captions.length / spacing) },
    (_, i) => captions[Math.floor(i * spacing)] as string,
  );
  const counted = some.map((caption) => ngrams(wordsOf(caption)));
  const frequency = documentFrequency(counted.map((counts) => [counts]));
  const vectors = counted.map((counts) => weighted(counts, frequency, Math.log(some.length + 1)));
  const middle = Array.from({ length: N }, () => new Map<string, number>());
  for (const { weights, norms } of vectors)
    for (const [n, map] of weights.entries())
      for (const [ngram, weight] of map) add(middle[n] as Map<string, number>, ngram, weight / (norms[n] as number));
  const nearness = vectors.map(({ weights, norms }) =>
    sum(
      weights.map((map, n) =>
        sum([...map].map(([ngram, weight]) => (weight / (norms[n] as number)) * (middle[n]?.get(ngram) ?? 0))),
      ),
    ),
  );
  return some[nearness.indexOf(Math.max(...nearness))] as string;
}

function add(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}

/** In how many items' references each n-gram occurs. */
function documentFrequency(references: readonly (readonly Counts[])[]): ReadonlyMap<string, number> {
  const frequency = new Map<string, number>();
  for (const own of references)
    for (const ngram of new Set(own.flatMap((counts) => counts.flatMap((map) => [...map.keys()]))))
      frequency.set(ngram, (frequency.get(ngram) ?? 0) + 1);
  return frequency;
}

/** A caption's n-grams, each weighted by its count × its inverse document frequency. */
interface Weighted {
  readonly weights: readonly ReadonlyMap<string, number>[];
  /** Euclidean, n by n. */
  readonly norms: readonly number[];
  /** Upstream counts pairs of words where the paper has words. */
  readonly length: number;
}

function weighted(counts: Counts, frequency: ReadonlyMap<string, number>, logItems: number): Weighted {
  const idf = (ngram: string) => logItems - Math.log(Math.max(1, frequency.get(ngram) ?? 0));
  const weights = counts.map((map) => new Map([...map].map(([ngram, count]) => [ngram, count * idf(ngram)])));
  return {
    weights,
    norms: weights.map((map) => Math.sqrt(sum([...map.values()].map((weight) => weight * weight)))),
    length: sum([...(counts[1] as ReadonlyMap<string, number>).values()]),
  };
}

/** Mean over n of the clipped cosine, less the more the lengths differ. */
function similarity(own: Weighted, reference: Weighted): number {
  const cosines = own.weights.map((map, n) => {
    const other = reference.weights[n] as ReadonlyMap<string, number>;
    const product = sum([...map].map(([ngram, weight]) => clipped(weight, other.get(ngram) ?? 0)));
    const norm = (own.norms[n] as number) * (reference.norms[n] as number);
    return norm === 0 ? product : product / norm;
  });
  return mean(cosines) * Math.exp(-((own.length - reference.length) ** 2) / (2 * SIGMA ** 2));
}

/** Saying a word more often than the reference does gains nothing. */
const clipped = (weight: number, reference: number): number => Math.min(weight, reference) * reference;

function ngrams(words: readonly string[]): Counts {
  return Array.from({ length: N }, (_, n) => {
    const counts = new Map<string, number>();
    for (let at = 0; at + n < words.length; at++) {
      const ngram = words.slice(at, at + n + 1).join(' ');
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
    }
    return counts;
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
