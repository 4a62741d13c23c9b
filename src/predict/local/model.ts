// An adapter, or the backbone alone, in a worker's memory: its numbers, and how it sees.

import { openReal } from '../../files/opened.js';
import { byteCount } from '../../format/index.js';
import { imageTokens } from '../../model/blip/index.js';
import { mixes } from '../../model/task/index.js';
import { itemsAtOnce } from '../programs/index.js';
import { framesFor, mediaSet } from '../programs/library.js';
import type { Trained } from '../programs/load.js';
import { sizeWithin } from './batch-sizes.js';
import type { Frames, Programs, Shape } from './programs.js';

/** Pictures encoded at once, at most, where even more were worth it: a clip has as many as frames. */
const PICTURES = 16;
/** Of image tokens that a program takes at once. */
const TOKEN_BYTES = 2 ** 28;

export interface ServedModel extends Trained {
  /** What its programs were given begins so in caches; another one's does not, nor that of the same folder read anew. */
  readonly name: string;
  /** Of the adapter's own numbers. */
  readonly bytes: number;
  /** The same for all adapters whose texts can be read together; null where they are read alone. */
  readonly mixes: string | null;
  /** How many frames of a file are looked at. */
  framesOf(file: string): Promise<Frames>;
  /** How many files of so many frames are encoded at once, at most. */
  encodedAtOnce(frames: Frames): number;
  /** How many encoded files of so many frames are looked at once, at most. */
  seenAtOnce(frames: Frames): number;
  /** The programs of its shape, which compute with its numbers until another model asks for them: ask each time. */
  programs(): Programs;
}

/** @param name  see {@link ServedModel} */
export function serve(trained: Trained, name: string, shape: Shape): ServedModel {
  const { adapter, model } = trained;
  const each = (frames: Frames) => 4 * (frames ?? 1) * imageTokens(model.config) * model.config.vision.width;
  return {
    ...trained,
    name,
    bytes: [...(adapter?.arrays.values() ?? [])].reduce((sum, array) => sum + byteCount(array), 0),
    mixes: mixesOf(trained),
    framesOf: async (file) => framesFor(await mediaSet([file], openReal), adapter, undefined),
    encodedAtOnce: (frames) => sizeWithin(itemsAtOnce(model.config, frames, Math.floor(PICTURES / (frames ?? 1)))),
    seenAtOnce: (frames) => sizeWithin(TOKEN_BYTES / each(frames)),
    programs: () => shape.with(model.weights),
  };
}

/** All that programs for texts depend on beside the adapter's numbers. */
function mixesOf({ adapter, model }: Trained): string | null {
  if (adapter === null || !mixes(model.method)) return null;
  const { method, profile, data } = adapter.recipe;
  return JSON.stringify({ method, profile, maxWords: data.maxWords, int8: model.int8 !== undefined });
}
