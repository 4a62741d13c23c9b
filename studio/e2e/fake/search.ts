// Make-believe search: words in common, a little noise of each adapter, and a second stage with less of it.

import type { Hit, LibraryItem, SearchRequest, SearchResult } from '../../../src/server/schema/index.js';
import { captionsOf, picker } from './scenes.js';
import type { FakeItem, FakeState } from './state.js';

/** The first stage, and the second where one was asked for. */
export function search(state: FakeState, request: SearchRequest): SearchResult[] {
  const { library, adapter, query, find, filter, limit, offset, rerank = 16 } = request;
  const items = state.items.filter(({ item }) => item.library === library);
  const words = wordsOf('text' in query ? query.text : mediaWords(state, query.media));
  const candidates = items
    .filter(({ item }) => fits(item, filter))
    .flatMap((entry): { readonly entry: FakeItem; readonly caption?: string }[] =>
      find === 'captions' ? captionsOf(entry.scene).map((caption) => ({ entry, caption })) : [{ entry }],
    );
  const first = candidates
    .map((candidate) => ({ ...candidate, similarity: similarity(candidate.entry, words, adapter) }))
    .sort((a, b) => b.similarity - a.similarity)
    .map(
      (hit, i): Hit => ({
        rank: i + 1,
        firstRank: i + 1,
        item: hit.entry.item,
        similarity: hit.similarity,
        match: null,
        probability: null,
        ...(hit.caption && { caption: hit.caption }),
      }),
    );
  const seconds = { embed: 0.004, nearest: 0.002, rerank: 0 };
  const result = (stage: SearchResult['stage'], hits: readonly Hit[], reranked: number): SearchResult => ({
    adapter,
    stage,
    hits: hits.slice(offset, offset + limit),
    searched: items.length,
    reranked,
    reranking: 'Re-ranking is on.',
    seconds: { ...seconds, rerank: reranked * 0.004 },
  });
  // between media there is no matching head
  if (rerank === 0 || ('media' in query && find === 'media')) return [result('final', first, 0)];
  const looked = first.slice(0, rerank).map((hit) => matched(hit, words));
  const final = [...looked.sort((a, b) => (b.match ?? 0) - (a.match ?? 0)), ...first.slice(rerank)];
  return [
    result('first', first, 0),
    result(
      'final',
      final.map((hit, i) => ({ ...hit, rank: i + 1 })),
      looked.length,
    ),
  ];
}

function matched(hit: Hit, words: readonly string[]): Hit {
  const share = overlap(hit.item.captions.join(' '), words);
  const match = share * 8 - 4 + picker(hit.firstRank * 31)() * 1.5;
  const weights = [0.4, 0.7, 1.6, 1.3];
  return {
    ...hit,
    match,
    probability: 1 / (1 + Math.exp(-match)),
    ...(hit.item.kind === 'video' && { frameWeights: weights }),
  };
}

function similarity({ item, scene }: FakeItem, words: readonly string[], adapter: string): number {
  const noise = picker(scene.seed * 131 + adapter.length * 17)() * (adapter === 'none' ? 0.3 : 0.12);
  return 0.2 + overlap(`${captionsOf(scene).join(' ')} ${item.path}`, words) * 0.5 + noise;
}

/** Share of the words that a text has. */
const overlap = (text: string, words: readonly string[]): number =>
  words.filter((word) => wordsOf(text).includes(word)).length / Math.max(1, words.length);

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

function mediaWords(state: FakeState, media: { item: string } | { upload: string }): string {
  const scene =
    'upload' in media
      ? state.uploads.get(media.upload)?.scene
      : state.items.find(({ item }) => item.id === media.item)?.scene;
  return scene ? captionsOf(scene).join(' ') : '';
}

function fits(item: LibraryItem, { folder, kind, from, until }: SearchRequest['filter']): boolean {
  return (
    (!folder || item.path.startsWith(`${folder}/`)) &&
    (!kind || item.kind === kind) &&
    (!from || item.modified >= from) &&
    (!until || item.modified < until)
  );
}
