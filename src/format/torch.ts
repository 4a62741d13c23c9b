// What a PyTorch checkpoint's pickle says: which tensors there are, and where in the file their numbers start.

import { fail } from '../error/index.js';
import { elementBytes, elementCount } from './array.js';
import { describePickled, type Pickled, type TorchStorage, TorchTensor } from './pickle.js';
import type { StoredTensor, StoredTensors } from './stored.js';

/** Where the numbers of storages are. @throws format when the file has no such storage, or a shorter one */
export type FindStorage = (storage: TorchStorage) => { readonly file: string; readonly start: number };

export interface StateDict {
  readonly tensors: StoredTensors;
  /** What else was saved beside the state dict and is neither tensors nor the optimiser's, such as `config` or `epoch`. */
  readonly others: ReadonlyMap<string, Pickled>;
}

/** Under these keys training scripts save the model. */
const MODEL_KEYS = ['model', 'state_dict', 'model_state_dict'];

/**
 * The tensors of a checkpoint: the dictionary itself, or the one under `model` or `state_dict`.
 *
 * @throws format  when there is none, or a tensor reaches beyond its storage or has more elements than that
 */
export function readStateDict(value: Pickled, find: FindStorage, where: string): StateDict {
  const top = value instanceof Map ? value : new Map<unknown, Pickled>();
  const key = isStateDict(top) ? null : MODEL_KEYS.find((key) => isStateDict(top.get(key)));
  const state = key ? (top.get(key) as Map<unknown, Pickled>) : top;
  if (key === undefined)
    fail('format', {
      where,
      what: 'holds no state dict',
      got: value instanceof Map ? keysOf(value) : describePickled(value),
      expected: `names with tensors, alone or under ${MODEL_KEYS.join(' or ')}`,
    });
  const tensors = [...state].filter((entry): entry is [unknown, TorchTensor] => entry[1] instanceof TorchTensor);
  return {
    tensors: new Map(
      tensors.map(([name, tensor]) => [
        nameOf(name, where),
        locate(tensor, find, `${where}: tensor ${describePickled(name)}`),
      ]),
    ),
    others: new Map(key ? [...top].filter(isOther).filter(([name]) => name !== key) : []),
  };
}

const isStateDict = (value: Pickled | undefined): boolean =>
  value instanceof Map && [...value.values()].some((tensor) => tensor instanceof TorchTensor);

const isOther = (entry: [unknown, Pickled]): entry is [string, Pickled] =>
  typeof entry[0] === 'string' && !['optimizer', 'lr_scheduler'].includes(entry[0]);

const keysOf = (value: ReadonlyMap<unknown, Pickled>): string =>
  [...value.keys()].slice(0, 8).map(describePickled).join(', ') || 'an empty dictionary';

const nameOf = (name: unknown, where: string): string =>
  typeof name === 'string'
    ? name
    : fail('format', { where, what: 'a tensor has a name that is no text', got: describePickled(name) });

function locate(tensor: TorchTensor, find: FindStorage, where: string): StoredTensor {
  const { storage, offset, shape, strides } = tensor;
  const size = elementBytes[storage.dtype];
  const count = elementCount(shape);
  const elements = count === 0 ? 0 : shape.reduce((n, side, i) => n + (side - 1) * (strides[i] ?? 0), 1);
  if (!(offset + elements <= storage.elements))
    fail('format', {
      where,
      what: 'reaches beyond the numbers that belong to it',
      got: `elements ${offset} to ${offset + elements}`,
      expected: `at most ${storage.elements}`,
    });
  if (!(count <= storage.elements))
    fail('format', {
      where,
      what: 'repeats its numbers',
      got: `${count} elements of ${storage.elements}`,
      expected: 'each number once',
      fix: 'save tensor.contiguous()',
    });
  const { file, start } = find(storage);
  return {
    ...{ dtype: storage.dtype, shape, file, start: start + offset * size, bytes: elements * size },
    ...(isDense(shape, strides) ? {} : { strides }),
  };
}

/** Whether elements are row-major without gaps; axes of one element may have any stride. */
function isDense(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return elementCount(shape) === 0;
    expected *= shape[axis] as number;
  }
  return true;
}
