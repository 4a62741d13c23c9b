// Written captions against people's, as coco-caption scores them: BLEU-1 to BLEU-4 of the whole split and CIDEr-D.
// Papineni et al. 2002, https://aclanthology.org/P02-1040; Vedantam et al. 2015, https://arxiv.org/abs/1411.5726 §4
// and, for the D, §7; https://github.com/tylin/coco-caption.
import { fail } from '../error/index.js';
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
  const complete = written.length === references.length && references.every(({ length }) => length > 0);
  if (!complete || written.length === 0)
    fail('data', {
      where: 'caption metrics',
      what: 'captions and references do not pair up',
      got: `${written.length} captions, ${references.filter(({ length }) => length > 0).length} items with references`,
      expected: 'as many of each, at least one',
    });
  const items = written.map((caption, i) => ({
    written: wordsOf(caption),
    references: (references[i] as readonly string[]).map(wordsOf),
  }));
  return { CIDEr: 100 * cider(items), BLEU: bleu(items) };
}

function bleu(items: readonly Compared[]): CaptionMetrics['BLEU'] {
  const matched = new Array<number>(N).fill(0);
  const guessed = new Array<number>(N).fill(0);
  let length = 0;
  let wanted = 0;
  for (const { written, references } of items) {
    length += written.length;
    wanted += closest(references, written.length);
    const counts = references.map(ngrams);
    for (const [n, own] of ngrams(written).entries())
      for (const [ngram, count] of own) {
        const most = Math.max(...counts.map((reference) => reference[n]?.get(ngram) ?? 0));
        guessed[n] = (guessed[n] as number) + count;
        matched[n] = (matched[n] as number) + Math.min(count, most);
      }
  }
  const ratio = (length + TINY) / (wanted + SMALL);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  const scores = matched.map((count, n) => {
    product *= (count + TINY) / ((guessed[n] as number) + SMALL);
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

function cider(items: readonly Compared[]): number {
  const counted = items.map(({ written, references }) => ({
    written: ngrams(written),
    references: references.map(ngrams),
  }));
  const frequency = documentFrequency(counted.map(({ references }) => references));
  const logItems = Math.log(items.length);
  const vector = (counts: Counts) => weighted(counts, frequency, logItems);
  const scores = counted.map(({ written, references }) => {
    const own = vector(written);
    const similarities = references.map((reference) => similarity(own, vector(reference)));
    return mean(similarities) * 10;
  });
  return mean(scores);
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
