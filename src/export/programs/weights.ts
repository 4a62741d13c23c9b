// One file with all numbers, which every exported program refers to: safetensors, so that it can be read by name as well.

import type { Location, StoredType } from '../../compiler/onnx/index.js';
import type { Stream } from '../../files/files.js';
import {
  byteCount,
  elementCount,
  float32Array,
  float32Of,
  type NamedArray,
  type SafeDtype,
  startSafetensors,
} from '../../format/index.js';
import type { Numbers } from '../../model/index.js';
import type { Declaration } from '../../model/nn/index.js';

export const WEIGHTS = 'weights.safetensors';

/** Element types that stay as they are; others become float32. */
const storedTypes: Partial<Record<SafeDtype, StoredType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

export interface SharedWeights {
  /** Where each parameter is, by path. */
  readonly locations: ReadonlyMap<string, Location>;
  readonly content: Stream;
  readonly bytes: number;
}

/** Lays out the parameters of a model; their numbers are read one by one, when the file is written. */
export function sharedWeights(declarations: readonly Declaration[], numbers: Numbers): SharedWeights {
  const arrays = new Map(declarations.map((declaration) => [declaration.path, arrayOf(declaration, numbers)]));
  const { header, order, dataBytes } = startSafetensors(arrays, { format: 'pt' });
  const locations = new Map<string, Location>();
  let offset = header.length;
  for (const path of order) {
    const array = arrays.get(path) as NamedArray;
    const bytes = byteCount(array);
    locations.set(path, { file: WEIGHTS, offset, bytes, dtype: storedTypes[array.dtype] as StoredType });
    offset += bytes;
  }
  async function* content() {
    yield header;
    for (const path of order) yield (arrays.get(path) as NamedArray).bytes;
  }
  return { locations, content: content(), bytes: header.length + dataBytes };
}

function arrayOf({ path, shape }: Declaration, { weights, stored }: Numbers): NamedArray {
  const held = weights[path];
  if (held) return float32Array(shape, held);
  const array = stored[path] as NamedArray;
  if (storedTypes[array.dtype]) return array;
  return {
    ...{ dtype: 'F32', shape },
    get bytes() {
      const data = float32Of(array);
      return new Uint8Array(data.buffer, data.byteOffset, 4 * elementCount(shape));
    },
  };
}
