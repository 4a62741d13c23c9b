// Two-stage retrieval over a split: rank everything by similarity, re-score the best k by the matching head.

import { captionsOf, type MediaSet } from '../data/items/index.js';
import { type LoadedModel, whileOpen } from '../model/index.js';
import {
  createMatcher,
  createMediaEncoder,
  createTextEncoder,
  type EncodedMedia,
  type Pair,
} from '../predict/programs/index.js';
import { type RetrievalRanks, retrievalRanks } from './metric/index.js';
import { encodedAtOnce, type Looking, lookedAt } from './options.js';
import type { Reranking, Stages } from './reranking.js';
import { retrievalStanding, waysOf } from './retrieval-standing.js';
import { type Looked, type RetrievalScores, stagesOf } from './scores.js';

export interface RetrievalEvaluation extends Looking {
  /** k: candidates re-scored per query; 0 leaves the second stage out. */
  readonly rerank: number;
  /** Whether the second stage's ranks are the model's, by what both scored. Default: they are, where there is one. */
  readonly decide?: (stages: Stages | null) => Reranking;
  /** β: how much of the similarity is added to the matching logit. */
  readonly similarityWeight: number;
}

export interface RetrievalResult {
  readonly scores: RetrievalScores;
  /** f32 [items, texts]: what text → media search ranks by; items outside a text's best k lie below the others. */
  readonly ranking: Float32Array;
}

/** Scores a model on a split, whose items all have captions. */
export async function evaluateRetrieval(
  model: LoadedModel,
  set: MediaSet,
  options: RetrievalEvaluation,
): Promise<RetrievalResult> {
  const { rerank, onProgress, decide = () => ({ isOn: rerank > 0, by: 'recipe' }) } = options;
  const { captions, textToMedia: owner } = captionsOf(set);
  const [items, texts] = [set.items.length, captions.length];
  const opening = createMediaEncoder(model, { ...options, batch: encodedAtOnce(model, options, items) });
  return whileOpen(opening, async (encoder) => {
    const encoded = await encoder.encode(set, (done) => onProgress?.(done, items + texts));
    const features = await featuresOf(model, captions, options, (done) => onProgress?.(items + done, items + texts));
    const similarity = similarities(encoded.features, features, model.config.projection);
    const first = { ranks: retrievalRanks(similarity, owner), ranking: similarity };
    const seen = { similarity, owner, captions, features, encoded, options };
    const second = rerank === 0 ? null : await secondStageOf(model, seen);
    const looked = { texts, ...lookedAt(model, options, items) };
    return resultOf([first, second], { looked, owner, decide });
  });
}

/** What a stage finds. */
interface Stage {
  readonly ranks: RetrievalRanks;
  /** f32 [items, texts] */
  readonly ranking: Float32Array;
}

interface Measured extends Required<Pick<RetrievalEvaluation, 'decide'>> {
  readonly looked: Looked & Pick<RetrievalScores, 'texts'>;
  /** i32 [texts]: the item of each. */
  readonly owner: Int32Array;
}

function resultOf(
  [first, second]: readonly [Stage, Stage | null],
  { looked, owner, decide }: Measured,
): RetrievalResult {
  const firstStage = waysOf(first.ranks);
  const secondStage = second && waysOf(second.ranks);
  const scores = { task: 'retrieval', firstStage, secondStage, ...looked } as const;
  const reranking = decide(stagesOf({ ...scores, ...firstStage }));
  const { ranks, ranking } = second && reranking.isOn ? second : first;
  const standing = retrievalStanding(ranks, owner);
  return { scores: { ...scores, ...waysOf(ranks), reranking, standing }, ranking };
}

function featuresOf(
  model: LoadedModel,
  captions: readonly string[],
  { codec }: RetrievalEvaluation,
  onProgress: (done: number) => void,
): Promise<Float32Array> {
  const opening = createTextEncoder(model, { codec, batch: Math.min(32, captions.length) });
  return whileOpen(opening, (encoder) => encoder.features(captions, onProgress));
}

interface Seen {
  /** f32 [items, texts] */
  readonly similarity: Float32Array;
  /** i32 [texts]: the item of each. */
  readonly owner: Int32Array;
  readonly captions: readonly string[];
  /** f32 [texts, P] */
  readonly features: Float32Array;
  readonly encoded: EncodedMedia;
  readonly options: RetrievalEvaluation;
}

/** The second stage: the best k of every query, scored again. */
async function secondStageOf(model: LoadedModel, seen: Seen): Promise<Stage> {
  const { similarity, owner, captions, options } = seen;
  const { rerank, similarityWeight: weight } = options;
  const texts = captions.length;
  const chosen = candidates(similarity, similarity.length / texts, texts, rerank);
  const logits = await matched(model, chosen.pairs, seen);
  const rescore = (of: Uint8Array) => rescored({ similarity, texts, weight }, chosen.pairs, logits, of);
  const ranking = rescore(chosen.ofText);
  const { textToMedia } = retrievalRanks(ranking, owner);
  const { mediaToText } = retrievalRanks(rescore(chosen.ofMedia), owner);
  return { ranks: { textToMedia, mediaToText }, ranking };
}

/** The matching logits of pairs. */
function matched(
  model: LoadedModel,
  pairs: readonly Pair[],
  { captions, features, encoded, options }: Seen,
): Promise<Float32Array> {
  const { codec, frames, onProgress } = options;
  const before = encoded.features.length / model.config.projection + captions.length;
  const sizes = { batch: 4, pairs: Math.min(32, pairs.length), frames, maxTokens: codec.maxTokens };
  const sources = { tokens: encoded.tokens, features, ...codec.captions(captions) };
  const progress = (done: number) => onProgress?.(before + done, before + pairs.length);
  return whileOpen(createMatcher(model, sizes), async (matcher) => {
    const { logits } = await matcher.scores(pairs, sources, progress);
    return logits;
  });
}

/** Dot products of unit features. @returns f32 [items, texts] */
export function similarities(media: Float32Array, texts: Float32Array, width: number): Float32Array {
  const rows = media.length / width;
  const cols = texts.length / width;
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      let dot = 0;
      for (let k = 0; k < width; k++) dot += (media[i * width + k] as number) * (texts[j * width + k] as number);
      out[i * cols + j] = dot;
    }
  return out;
}

/** Pairs worth a second look, item by item, and whose best k each is among: 1 where it is. */
interface Candidates {
  readonly pairs: readonly Pair[];
  readonly ofMedia: Uint8Array;
  readonly ofText: Uint8Array;
}

/** The k best texts of every item and the k best items of every text; a pair that is both is scored once. */
export function candidates(similarity: Float32Array, items: number, texts: number, k: number): Candidates {
  const best = (queries: number, others: number, at: (query: number, other: number) => number): Uint8Array => {
    const chosen = new Uint8Array(similarity.length);
    for (let query = 0; query < queries; query++) {
      const order = Array.from({ length: others }, (_, other) => at(query, other));
      order.sort((a, b) => (similarity[b] as number) - (similarity[a] as number) || a - b);
      for (const index of order.slice(0, k)) chosen[index] = 1;
    }
    return chosen;
  };
  const byMedia = best(items, texts, (item, text) => item * texts + text);
  const byText = best(texts, items, (text, item) => item * texts + text);
  const indices: number[] = [];
  for (let i = 0; i < similarity.length; i++) if (byMedia[i] === 1 || byText[i] === 1) indices.push(i); // COCO: 125 M
  return {
    pairs: indices.map((i) => ({ media: Math.floor(i / texts), text: i % texts })),
    ofMedia: Uint8Array.from(indices, (i) => byMedia[i] as number),
    ofText: Uint8Array.from(indices, (i) => byText[i] as number),
  };
}

interface FirstStage {
  /** f32 [items, texts] */
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
  const places = pairs.map(({ media, text }) => media * texts + text);
  const scores = places.map((at, i) => (logits[i] as number) + weight * (similarity[at] as number));
  const lowest = scores.reduce((low, score, i) => (of[i] === 1 && score < low ? score : low), Infinity);
  const out = similarity.map((s) => lowest - 2.5 + s); // similarities are within ±1; a distant floor would round them
  for (const [i, at] of places.entries()) if (of[i] === 1) out[at] = scores[i] as number;
  return out;
}
