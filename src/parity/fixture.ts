// A fixture: numbers the official PyTorch modules produced, and how far we may be from them.
// Sizes and options come from the file's metadata and from its weights, never from here.

import { printShape, sizeOf } from '../compiler/tensor/index.js';
import { fail } from '../error/index.js';
import { float32Of, int32Of, type NamedArray, readSafetensors } from '../format/index.js';
import { officialUniAdapter, type UniAdapterOptions } from '../model/adapter/index.js';
import type { BlipConfig } from '../model/blip/index.js';
import type { Declaration } from '../model/nn/index.js';

/** One comparison: the largest deviation in one tensor. */
export interface Check {
  /** What is compared, e.g. `gradients`; a report shows the worst tensor of each. */
  readonly quantity: string;
  readonly tensor: string;
  readonly error: number;
  readonly tolerance: number;
  readonly measure: 'relative' | 'absolute';
}

/** Relative to the largest number of the tensor, or absolute where it says so. */
export const tolerances = { forward: 1e-4, gradients: 1e-3, afterSteps: 1e-4 } as const;

export interface Fixture {
  readonly name: string;
  has(key: string): boolean;
  keys(): readonly string[];
  shape(key: string): readonly number[];
  floats(key: string): Float32Array;
  integers(key: string): Int32Array;
  /** Whether the metadata has an entry. */
  describes(key: string): boolean;
  /** @throws format  when the metadata lacks it */
  metadata(key: string): string;
}

/** @param bytes of a safetensors file @param name for reports and errors */
export function openFixture(bytes: Uint8Array, name: string): Fixture {
  const { arrays, metadata } = readSafetensors(bytes, name);
  const get = (key: string): NamedArray =>
    arrays.get(key) ?? fail('format', { where: name, what: 'the fixture lacks a tensor', expected: key });
  return {
    name,
    has: (key) => arrays.has(key),
    keys: () => [...arrays.keys()],
    shape: (key) => get(key).shape,
    floats: (key) => float32Of(get(key)),
    integers: (key) => (get(key).dtype === 'F32' ? Int32Array.from(float32Of(get(key))) : int32Of(get(key))),
    describes: (key) => metadata[key] !== undefined,
    metadata: (key) =>
      metadata[key] ?? fail('format', { where: name, what: 'the fixture lacks a metadata entry', expected: key }),
  };
}

const lmHead = 'text_decoder.cls.predictions';

/** The backbone's sizes. */
export function configOf(fixture: Fixture): BlipConfig {
  const number = (key: string) => Number(fixture.metadata(key));
  const tower = { width: number('width'), layers: number('layers'), heads: number('heads') };
  const rows = (key: string) => fixture.shape(`weight.${key}`)[0] as number;
  return {
    vision: {
      ...tower,
      mlp: rows('visual_encoder.blocks.0.mlp.fc1.weight'),
      eps: number('vit_ln_eps'),
      imageSize: number('image_size'),
      patch: number('patch'),
    },
    text: {
      ...tower,
      mlp: rows('text_encoder.encoder.layer.0.intermediate.dense.weight'),
      eps: number('text_ln_eps'),
      vocabulary: number('vocab'),
      positions: number('max_positions'),
    },
    projection: fixture.describes('embed_dim') ? number('embed_dim') : tower.width, // answering compares no features
    encodeToken: number('enc'),
    ...(fixture.has(`weight.${lmHead}.bias`) && {
      decoder: { startToken: number('bos'), tied: !fixture.has(`weight.${lmHead}.decoder.weight`) },
    }),
  };
}

/** The release's options in our words. @throws recipe  for those we do not have */
export function optionsOf(fixture: Fixture): UniAdapterOptions {
  const release = JSON.parse(fixture.metadata('config')) as Record<string, unknown>;
  const foreign = ['temporal_embed', 'temporal_attention', 'finetune_head', 'finetune_all'].filter(
    (key) => release[key],
  );
  if (foreign.length > 0 || release.adapter !== true || release.adapter_dim !== release.adapter_visual_dim)
    fail('recipe', { where: fixture.name, what: 'uses options that are not ours', got: fixture.metadata('config') });
  const switches = { visual: 'adapter_visual', text: 'adapter_textual', cross: 'adapter_multimodal' } as const;
  return {
    ...officialUniAdapter,
    bottleneck: Number(release.adapter_dim),
    modalities: (['visual', 'text', 'cross'] as const).filter((modality) => release[switches[modality]] === true),
    frameAware: release.frame_aware_attention === true,
    keyValue: release.video_key_adapter === true ? Number(release.video_key_adapter_dim) : null,
  };
}

/** The fixture's starting weights for everything a model declared. @throws parameter naming all that do not fit */
export function weightsOf(fixture: Fixture, declarations: readonly Declaration[]): Record<string, Float32Array> {
  const problems = declarations.flatMap(({ path, shape }) => {
    const key = `weight.${path}`;
    if (!fixture.has(key)) return [`${path} is missing`];
    const found = fixture.shape(key);
    return sizeOf(found) === sizeOf(shape) ? [] : [`${path} is ${printShape(found)}, not ${printShape(shape)}`];
  });
  if (problems.length > 0)
    fail('parameter', { where: fixture.name, what: 'the weights do not fit the model', got: problems.join('; ') });
  return Object.fromEntries(declarations.map(({ path }) => [path, fixture.floats(`weight.${path}`)]));
}

/** Compares with the expected tensor. */
export function compare(
  quantity: string,
  tensor: string,
  [got, expected]: readonly [ArrayLike<number | bigint>, ArrayLike<number>],
  { tolerance, measure = 'relative' }: { readonly tolerance: number; readonly measure?: 'relative' | 'absolute' },
): Check {
  let largest = 0;
  let deviation = got.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(Number(got[i]) - (expected[i] as number));
    // NaN must fail, and Math.max(NaN) in a comparison would not
    deviation = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(deviation, difference);
    largest = Math.max(largest, Math.abs(expected[i] as number));
  }
  const error = measure === 'absolute' || deviation === 0 ? deviation : deviation / largest;
  return { quantity, tensor, error, tolerance, measure };
}
