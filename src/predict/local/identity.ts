// What embeddings depend on, as a key: embeddings of different keys are never compared.

import { join } from 'node:path';
import { sha256 } from '../../files/files.js';
import { framesFor, mediaSet } from '../programs/library.js';
import type { ServedModel } from './model.js';
import type { Identity } from './types.js';

/** Part of every key: raised when the same texts and files would get other features than before. */
const FORMAT = 1;

/** All that features depend on beside texts and files. */
export async function identify({ backbone, adapter, model, preprocess }: ServedModel): Promise<Identity> {
  const tensors = adapter && (await sha256(join(adapter.folder, 'adapter.safetensors')));
  const frames = adapter && (framesFor(await mediaSet([]), adapter, undefined) ?? 1);
  const { method, profile, data } = adapter?.recipe ?? {};
  const all = {
    ...{ format: FORMAT, backbone: backbone.sha256, adapter: tensors, frames },
    ...{ method, profile, trainedFrames: data?.frames, maxWords: data?.maxWords },
    ...{ preprocess, precision: model.int8 ? 'int8' : 'float32' },
  };
  const key = await sha256(new TextEncoder().encode(JSON.stringify(all)));
  return { key, backbone: backbone.sha256, adapter: tensors, width: model.config.projection, frames };
}
