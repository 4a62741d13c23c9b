// Writing token by token: what is looked at is projected once, each step reads one token and keeps its keys and values.
// A step is a pure function (token, parents, position, cache) → (logProbs, cache); the caller carries the cache along.
//
// Notation: B texts, K beams of each, R = B·K rows, N tokens that are looked at, U the longest text, L layers.

import {
  constant,
  gather,
  input,
  logSoftmax,
  type NumberArray,
  sizeOf,
  type Tensor,
} from '../../compiler/tensor/index.js';
import {
  type BlipConfig,
  decodeStep,
  type KeysValues,
  paddingMask,
  pickKeysValues,
  projectForDecoder,
  vocabularyLogits,
} from '../blip/index.js';
import type { NextTokens } from './beam.js';
import { fit, type Model } from './model.js';

export interface WriterSizes {
  /** B */
  readonly batch: number;
  /** N: tokens of a question, or of an image or clip. */
  readonly seenTokens: number;
  /** D of what is looked at: the text tower's of questions, the vision tower's of images. */
  readonly seenWidth: number;
  /** K */
  readonly beams: number;
  /** U */
  readonly length: number;
}

/** Projects the input `states` [B, N, D]. @returns `seen/{i}/keys` and `seen/{i}/values` of every layer, [B, H, N, D/H] */
export function writerMemory(
  model: Model,
  { batch, seenTokens, seenWidth }: Pick<WriterSizes, 'batch' | 'seenTokens' | 'seenWidth'>,
): Record<string, Tensor> {
  const states = input('states', [batch, seenTokens, seenWidth]);
  return named('seen', projectForDecoder(fit(model, model.p), states));
}

/**
 * One step, from `token` and `parents` int32 [R], `position` int32 [1], `mask` int32 [B, N] of what is looked at, the
 * outputs of {@link writerMemory} and `cache/{i}/…` [R, H, U, D/H], reordered by `parents` before they are read.
 *
 * @returns logProbs [R, V] and the new `cache/{i}/…`
 */
export function writerStep(model: Model, sizes: WriterSizes): Record<string, Tensor> {
  const { batch, seenTokens, beams } = sizes;
  const blip = fit(model, model.p);
  const rows = batch * beams;
  const parents = input('parents', [rows], 'int32');
  const looking = constant(
    Int32Array.from({ length: rows }, (_, row) => Math.floor(row / beams)),
    [rows],
    'int32',
  );
  const { heads, width } = model.config.text;
  const mask = gather(input('mask', [batch, seenTokens], 'int32'), looking);
  const { hidden, cache } = decodeStep(blip, {
    tokens: input('token', [rows], 'int32'),
    position: input('position', [1], 'int32'),
    cache: inputs('cache', model.config, cacheShape(model.config, sizes)).map((kept) => pickKeysValues(kept, parents)),
    seen: {
      keysValues: inputs('seen', model.config, [batch, heads, seenTokens, width / heads]),
      rows: looking,
      mask: paddingMask(mask),
    },
  });
  return { logProbs: logSoftmax(vocabularyLogits(blip, hidden)), ...named('cache', cache) };
}

type Arrays = Readonly<Record<string, NumberArray>>;

/**
 * The steps of one search, with an empty cache that each step replaces.
 *
 * @param run    runs the program of {@link writerStep}
 * @param feeds  parameters, `seen/…` and `mask`
 */
export function writerSteps(
  { config }: Model,
  sizes: WriterSizes,
  run: (feeds: Arrays) => Promise<Arrays>,
  feeds: Arrays,
): NextTokens {
  const empty = new Float32Array(sizeOf(cacheShape(config, sizes)));
  let cache: Arrays = Object.fromEntries(namesOf('cache', config.text.layers).map((name) => [name, empty]));
  return async (token, parents, position) => {
    const { logProbs, ...kept } = await run({ ...feeds, ...cache, token, parents, position: Int32Array.of(position) });
    cache = kept;
    return logProbs as Float32Array;
  };
}

const cacheShape = ({ text: { heads, width } }: BlipConfig, { batch, beams, length }: WriterSizes) =>
  [batch * beams, heads, length, width / heads] as const;

const namesOf = (prefix: string, layers: number): string[] =>
  Array.from({ length: layers }, (_, i) => [`${prefix}/${i}/keys`, `${prefix}/${i}/values`]).flat();

const named = (prefix: string, layers: readonly KeysValues[]): Record<string, Tensor> => {
  const names = namesOf(prefix, layers.length);
  return Object.fromEntries(layers.flatMap(({ keys, values }) => [keys, values]).map((x, i) => [names[i], x]));
};

const inputs = (prefix: string, { text }: BlipConfig, shape: readonly number[]): KeysValues[] =>
  Array.from({ length: text.layers }, (_, i) => ({
    keys: input(`${prefix}/${i}/keys`, shape),
    values: input(`${prefix}/${i}/values`, shape),
  }));
