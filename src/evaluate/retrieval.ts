// Two-stage retrieval over a split: rank everything by similarity, re-score the best k by the matching head.

import { captionsOf, type Encode, type RetrievalSet } from '../data/index.js';
import type { Preprocess } from '../image/index.js';
import { type Recalls, retrievalMetrics } from '../metric/index.js';
import { createEncoder, createMatcher, type EncodedImages, type LoadedModel, type Pair } from '../model/index.js';

export interface Ways {
  readonly textToImage: Recalls;
  readonly imageToText: Recalls;
}

export interface Scores extends Ways {
  /** By similarity alone. */
  readonly firstStage: Ways;
  readonly images: number;
  readonly texts: number;
}

export interface EvaluateOptions {
  readonly preprocess: Preprocess;
  readonly encode: Encode;
  /** Items encoded at once, at most. */
  readonly batch: number;
  /** k: candidates re-scored per query; 0 leaves the second stage out. */
  readonly rerank: number;
  /** β: how much of the similarity is added to the matching logit. */
  readonly similarityWeight: number;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface Evaluation {
  readonly scores: Scores;
  /** f32 [images, texts]: what text → image search ranks by; images outside a text's best k lie below the others. */
  readonly ranking: Float32Array;
}

/** Scores a model on a split. */
export async function evaluateRetrieval(
  model: LoadedModel,
  set: RetrievalSet,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { batch, rerank, similarityWeight: weight, onProgress } = options;
  const { captions, textToImage } = captionsOf(set);
  const [images, texts] = [set.items.length, captions.length];
  const atOnce = { batch: Math.min(batch, images), textBatch: Math.min(batch, texts) };
  const encoder = await createEncoder(model, { ...options, ...atOnce });
  try {
    const encoded = await encoder.images(set, (done) => onProgress?.(done, images + texts));
    const features = await encoder.texts(captions, (done) => onProgress?.(images + done, images + texts));
    const similarity = similarities(encoded.features, features, model.config.projection);
    const firstStage = retrievalMetrics(similarity, textToImage);
    const counts = { firstStage, images, texts };
    if (rerank === 0) return { scores: { ...firstStage, ...counts }, ranking: similarity };
    const chosen = candidates(similarity, images, texts, rerank);
    const logits = await matched(model, chosen.pairs, { captions, encoded, options });
    const rescore = (of: Uint8Array) => rescored({ similarity, texts, weight }, chosen.pairs, logits, of);
    const ranking = rescore(chosen.ofText);
    const { textToImage: found } = retrievalMetrics(ranking, textToImage);
    const { imageToText } = retrievalMetrics(rescore(chosen.ofImage), textToImage);
    return { scores: { textToImage: found, imageToText, ...counts }, ranking };
  } finally {
    await encoder.release();
  }
}

interface Seen {
  readonly captions: readonly string[];
  readonly encoded: EncodedImages;
  readonly options: EvaluateOptions;
}

/** The matching logits of pairs. */
async function matched(
  model: LoadedModel,
  pairs: readonly Pair[],
  { captions, encoded, options: { encode, onProgress } }: Seen,
): Promise<Float32Array> {
  const before = encoded.features.length / model.config.projection + captions.length;
  const matcher = await createMatcher(model, { images: 8, pairs: Math.min(64, pairs.length) });
  try {
    const sources = { tokens: encoded.tokens, ...encode(captions) };
    return await matcher.scores(pairs, sources, (done) => onProgress?.(before + done, before + pairs.length));
  } finally {
    await matcher.release();
  }
}

/** Dot products of unit features. @returns f32 [images, texts] */
export function similarities(images: Float32Array, texts: Float32Array, width: number): Float32Array {
  const rows = images.length / width;
  const cols = texts.length / width;
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      let dot = 0;
      for (let k = 0; k < width; k++) dot += (images[i * width + k] as number) * (texts[j * width + k] as number);
      out[i * cols + j] = dot;
    }
  return out;
}

/** Pairs worth a second look, image by image, and whose best k each is among: 1 where it is. */
interface Candidates {
  readonly pairs: readonly Pair[];
  readonly ofImage: Uint8Array;
  readonly ofText: Uint8Array;
}

/** The k best texts of every image and the k best images of every text; a pair that is both is scored once. */
export function candidates(similarity: Float32Array, images: number, texts: number, k: number): Candidates {
  const best = (queries: number, others: number, at: (query: number, other: number) => number): Uint8Array => {
    const chosen = new Uint8Array(similarity.length);
    for (let query = 0; query < queries; query++) {
      const order = Array.from({ length: others }, (_, other) => at(query, other));
      order.sort((a, b) => (similarity[b] as number) - (similarity[a] as number) || a - b);
      for (const index of order.slice(0, k)) chosen[index] = 1;
    }
    return chosen;
  };
  const byImage = best(images, texts, (image, text) => image * texts + text);
  const byText = best(texts, images, (text, image) => image * texts + text);
  const indices = [...byImage.keys()].filter((i) => byImage[i] === 1 || byText[i] === 1);
  return {
    pairs: indices.map((i) => ({ image: Math.floor(i / texts), text: i % texts })),
    ofImage: Uint8Array.from(indices, (i) => byImage[i] as number),
    ofText: Uint8Array.from(indices, (i) => byText[i] as number),
  };
}

interface FirstStage {
  /** f32 [images, texts] */
  readonly similarity: Float32Array;
  readonly texts: number;
  /** β */
  readonly weight: number;
}

/** Logit + β · similarity where `of` is 1; everything else keeps its order, below them. */
function rescored(
  { similarity, texts, weight }: FirstStage,
  pairs: readonly Pair[],
  logits: Float32Array,
  of: Uint8Array,
): Float32Array {
  const places = pairs.map(({ image, text }) => image * texts + text);
  const scores = places.map((at, i) => (logits[i] as number) + weight * (similarity[at] as number));
  const lowest = scores.reduce((low, score, i) => (of[i] === 1 && score < low ? score : low), Infinity);
  const out = similarity.map((s) => lowest - 2.5 + s); // similarities are within ±1; a distant floor would round them
  for (const [i, at] of places.entries()) if (of[i] === 1) out[at] = scores[i] as number;
  return out;
}
