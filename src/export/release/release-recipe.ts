// The recipe of an adapter in a release's checkpoint: what we noted when we wrote the file, else what its tensors and the
// configuration beside them tell.
// https://github.com/RERV/UniAdapter, configs/*.yaml and train_*.py

import { z } from 'zod';
import { fail } from '../../error/index.js';
import { type BackboneInfo, type Pickled, readDescription } from '../../format/index.js';
import { parseRecipe, type Recipe, type RecipeInput } from '../../recipe/index.js';
import type { Checkpoint } from '../../weights/checkpoint/checkpoint.js';
import type { Adapter } from '../../weights/store/adapter-folder.js';

/** Under this key our files have what the release's tensors do not say. */
const NOTE = 'uniadapter';
/** F of the published video runs; the release's configurations do not say. */
const PUBLISHED_FRAMES = 8;

const heads = z.strictObject({ vision: z.int(), text: z.int() });
const noteSchema = z.strictObject({ recipe: z.record(z.string(), z.json()), answers: z.array(z.string()), heads });

/** What a file has to tell beside its tensors, so that it is the same adapter when it is read again. */
export const noteOf = ({ recipe, answers }: Pick<Adapter, 'recipe' | 'answers'>, { vision, text }: BackboneInfo) => ({
  [NOTE]: JSON.stringify({ recipe, answers, heads: { vision: vision.heads, text: text.heads } }),
});

/**
 * What {@link noteOf} wrote, for the backbone in the same file; null in files of others.
 *
 * @throws format  when attention has other heads than those that are told from the width, 64 wide
 */
export function readNote({ others, info }: Checkpoint, path: string): Pick<Adapter, 'recipe' | 'answers'> | null {
  const note = others.get(NOTE);
  if (typeof note !== 'string') return null;
  const { recipe, answers, heads } = readDescription(noteSchema, new TextEncoder().encode(note), path);
  if (heads.vision !== info.vision.heads || heads.text !== info.text.heads)
    fail('format', {
      where: path,
      what: 'its backbone has other attention heads than a file of this kind can say',
      got: `${heads.vision} in vision, ${heads.text} in text`,
      expected: `${info.vision.heads} and ${info.text.heads}, 64 wide`,
      fix: 'use the adapter folder that it was exported from',
    });
  return { recipe: parseRecipe({ ...recipe, backbone: path } as RecipeInput, path), answers };
}

/**
 * The recipe that a file of the release's was trained by, as far as its use depends on it.
 *
 * @throws format  when it holds no adapter; recipe when it has parts that are not the paper's
 */
export function releaseRecipe({ adapter, arrays, info, others }: Checkpoint, path: string): Recipe {
  const down = adapter.get('adapters.0.down_proj.weight');
  if (!down)
    return fail('format', { where: path, what: 'holds no UniAdapter', expected: 'adapters.0.down_proj.weight' });
  if (!arrays.has('text_encoder.embeddings.word_embeddings.weight'))
    return fail('format', {
      where: path,
      what: 'holds an adapter of a kind that the release has not',
      got: 'a decoder without a text encoder',
      expected: 'retrieval or answering',
    });
  const config = configOf(others.get('config'));
  refuseExtras(config, path);
  const rank = adapter.get('text_encoder.encoder.video_key_adapter.down_proj.weight')?.shape[0];
  const frames = config.get('modality') === 'video' ? PUBLISHED_FRAMES : null;
  // frames are weighed by the projections, which the release's models that answer do not have
  const weighs = config.get('frame_aware_attention') === true && arrays.has('text_proj.weight');
  const size = config.get('image_size');
  const method = {
    ...{ name: 'uniadapter', bottleneck: down.shape[0] as number, keyValue: rank ?? null },
    ...{ frameAware: weighs ? 'training' : 'never' },
    scale: adapter.has('adapters.0.scale') ? 'learnable' : 0.1,
    layerNorm: adapter.has('adapters.0.adapter_layer_norm_before.weight') ? 'in' : 'none',
  };
  const task = info.decoder ? 'answering' : 'retrieval';
  const profile = rank ? 'official' : 'default';
  const data = { path: '.', frames, ...(typeof size === 'number' && { imageSize: size }) };
  return parseRecipe({ task, profile, backbone: path, method, data } as RecipeInput, path);
}

const configOf = (config: Pickled | undefined): ReadonlyMap<unknown, Pickled> =>
  config instanceof Map ? config : new Map();

/** Switches of the release's for parts that the paper does not describe and its configurations leave off. */
function refuseExtras(config: ReadonlyMap<unknown, Pickled>, where: string): void {
  const on = ['temporal_embed', 'temporal_attention'].filter((key) => config.get(key) === true);
  if (on.length > 0)
    fail('recipe', {
      where,
      what: 'was trained with parts that the paper does not have, and this project neither',
      got: on.map((key) => `${key}: True`).join(', '),
      expected: 'False',
    });
}
