// Adapters of the make-believe server.

import type { Adapter, AdapterDetails } from '../../../src/server/schema/index.js';

/** Three that ship with it, one that was trained on it, one with a name and numbers that are hard to lay out. */
export function adapters(): AdapterDetails[] {
  return [
    adapterOf({ name: 'search', task: 'retrieval', trainable: 151_682, scores: RETRIEVAL }), // biome-ignore format: a row each
    adapterOf({
      name: 'answers',
      task: 'answering',
      trainable: 134_912,
      scores: { accuracy: 45.6, 'accuracy colour': 70.5, 'accuracy count': 55.9, 'accuracy where': 13.4 },
    }),
    adapterOf({ name: 'clips', task: 'retrieval', trainable: 152_194, frames: 4, scores: { 'textToMedia R@1': 36, 'mediaToText R@1': 36.5 } }), // biome-ignore format: a row each
    adapterOf({
      name: 'red-cars',
      task: 'retrieval',
      trainable: 18_432,
      method: 'lora',
      origin: 'trained',
      scores: {},
    }),
    adapterOf({
      ...{ name: 'photographs-of-the-seaside-in-winter-2026.second-try', task: 'captioning' },
      ...{ trainable: 1_204_224, method: 'full', origin: 'uploaded', scores: { CIDEr: 104.2, 'BLEU-4': 31.2 } },
    }),
  ];
}

const RETRIEVAL = {
  ...{ 'textToMedia R@1': 61.5, 'textToMedia R@5': 90, 'textToMedia R@10': 95, 'textToMedia medianRank': 1 },
  ...{ 'mediaToText R@1': 58.8, 'mediaToText R@5': 89.5, 'mediaToText R@10': 96.3, 'mediaToText medianRank': 1 },
};

interface Row {
  readonly name: string;
  readonly task: Adapter['task'];
  readonly trainable: number;
  readonly scores: Readonly<Record<string, number>>;
  readonly method?: string;
  readonly frames?: number;
  readonly origin?: Adapter['origin'];
}

export function adapterOf({ method = 'uniadapter', frames, origin = 'shipped', ...row }: Row): AdapterDetails {
  const layers = [0, 1, 2, 3];
  const modules = (['visual', 'text'] as const).flatMap((side) =>
    layers.map((layer) => ({
      module: `${side}.layer.${layer}.adapter`,
      role: side === 'visual' ? 'adapter of the image encoder' : 'adapter of the text encoder',
      tensors: 4,
      parameters: Math.round(row.trainable / 9),
      change: 0.004 + 0.003 * layer * (side === 'visual' ? 1 : 1.6) + (layer === 2 ? 0.004 : 0),
    })),
  );
  return {
    name: row.name,
    task: row.task,
    method,
    bottleneck: method === 'full' ? 0 : 32,
    parameters: { trainable: row.trainable, all: 2_310_000 + row.trainable },
    bytes: row.trainable * 4,
    frames: frames ?? null,
    scores: { ...row.scores },
    created: '2026-11-20T10:12:00Z',
    seed: 0,
    data: 'demo',
    isLoaded: row.name === 'search',
    origin,
    canDelete: origin === 'uploaded' || origin === 'trained',
    sha256: 'a94c'.repeat(16),
    backbone: { name: 'tiny', sha256: 'b1f7'.repeat(16), bytes: 9_240_000, parameters: 2_310_000 },
    modules: [
      ...modules,
      { module: 'head.projection', role: 'heads', tensors: 2, parameters: Math.round(row.trainable / 9), change: null },
    ],
    recipe: {
      data: { path: 'demo' },
      method: { name: method, bottleneck: 32 },
      optimiser: { learningRate: 0.0005 },
      train: { epochs: 10, batch: 16 },
    },
    files: [
      { name: 'adapter.json', bytes: 2_140 },
      { name: 'adapter.safetensors', bytes: row.trainable * 4 + 4096 },
    ],
  };
}
