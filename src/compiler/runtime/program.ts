// A compiled program: a pure function from named arrays to named arrays.

import { fail } from '../../error/index.js';
import { byteCount, float32Of, type NamedArray, type SafeDtype } from '../../format/index.js';
import { type Location, lower, type Signature, type StoredType } from '../onnx/index.js';
import { arrayOf, is, type NumberArray, ordered, printShape, sameShape, sizeOf, type Tensor } from '../tensor/index.js';
import type { Backend, Feeds } from './backend.js';
import type { Int8Weights } from './int8-weights.js';
import { peakBytes } from './memory.js';

export interface Program {
  /** What `run` has to be given. */
  readonly inputs: ReadonlyMap<string, Signature>;
  readonly outputs: ReadonlyMap<string, Signature>;
  /**
   * Computes the outputs. Feeds may hold more than the program asks for; the rest is ignored.
   *
   * @throws runtime  when an input is missing or has another size or element type
   */
  run(feeds: Feeds): Promise<Record<string, NumberArray>>;
  release(): Promise<void>;
}

export interface CompileOptions {
  /** Stands in error messages, e.g. `train step`. */
  readonly name?: string;
  /**
   * Arrays that never change, by input name: they become part of the program. Those that are still in a file stay
   * there, and are shared with every other program that maps it; of the others the runtime may make a private copy,
   * rearranged for speed. Default: everything is fed, so that programs share one buffer.
   */
  readonly frozen?: Readonly<Record<string, NumberArray | NamedArray>>;
  /**
   * Matrices that never change, whose products are computed in int8. All programs are fed with the same numbers. Default:
   * none; everything is computed in float32.
   */
  readonly int8?: Int8Weights;
}

/** Element types that programs can be given as they lie in a file. */
const storedTypes: Partial<Record<SafeDtype, StoredType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** Compiles the program that computes `outputs`. @throws memory  when its values would take more than there is */
export async function compile(
  backend: Backend,
  outputs: Readonly<Record<string, Tensor>>,
  { name = 'program', frozen = {}, int8 }: CompileOptions = {},
): Promise<Program> {
  const scratchBytes = peakBytes(outputs);
  refuseHuge(name, scratchBytes, backend.freeBytes?.());
  const files = new Map<string, Uint8Array>();
  const locations = new Map<string, Location>();
  for (const value of ordered(Object.values(outputs))) {
    if (!is(value, 'input')) continue;
    const given = frozen[value.attributes.name];
    if (!given) continue;
    const where = `${name}, frozen input ${value.attributes.name}`;
    locations.set(value.attributes.name, mapped(backend, given, value, where) ?? held(given, value, where, files));
  }
  const lowered = lower(outputs, { target: backend.target, frozen: locations, ...(int8 && { int8: int8.names }) });
  const matrices: Feeds = Object.assign({}, ...lowered.int8.map((matrix) => int8?.feeds(matrix)));
  const session = await backend.load(lowered, files, scratchBytes);
  return {
    inputs: new Map([...lowered.inputs].filter(([name]) => !(name in matrices))),
    outputs: lowered.outputs,
    run: (feeds) => session.run(checked({ ...feeds, ...matrices }, lowered.inputs, name)),
    release: () => session.release(),
  };
}

/** The system would end the process otherwise, or everything else on the machine would wait. */
function refuseHuge(where: string, bytes: number, free = Number.POSITIVE_INFINITY): void {
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`;
  if (bytes > free)
    fail('memory', {
      where,
      what: 'would take more memory than there is',
      got: gigabytes(bytes),
      expected: `at most ${gigabytes(free)}, which are free`,
      fix: 'use smaller images, fewer frames or beams, or fewer items at once',
    });
}

/** Numbers that stay in their file, or nothing where they cannot. */
function mapped(
  { nameOf }: Backend,
  given: NumberArray | NamedArray,
  { shape, dtype }: Signature,
  where: string,
): Location | undefined {
  if (!('bytes' in given) || !given.place || !nameOf || dtype !== 'float32') return undefined;
  const stored = storedTypes[given.dtype];
  if (!stored) return undefined;
  if (!sameShape(given.shape, shape))
    fail('runtime', { where, what: 'does not fit', got: printShape(given.shape), expected: printShape(shape) });
  return { file: nameOf(given.place.file), offset: given.place.start, bytes: byteCount(given), dtype: stored };
}

/** Numbers in memory, which become a file of their own. */
function held(
  given: NumberArray | NamedArray,
  signature: Signature,
  where: string,
  files: Map<string, Uint8Array>,
): Location {
  const data = check('bytes' in given ? float32Of(given) : given, signature, where);
  const file = `frozen-${files.size}`;
  files.set(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return { file, offset: 0, bytes: data.byteLength, dtype: signature.dtype };
}

function checked(feeds: Feeds, inputs: ReadonlyMap<string, Signature>, program: string): Feeds {
  const taken: Record<string, NumberArray> = {};
  for (const [name, signature] of inputs) taken[name] = check(feeds[name], signature, `${program}, input ${name}`);
  return taken;
}

function check(data: NumberArray | undefined, { shape, dtype }: Signature, where: string): NumberArray {
  const expected = `${dtype} ${printShape(shape)}`;
  if (!data) return fail('runtime', { where, what: 'is missing', expected });
  if (!(data instanceof arrayOf[dtype]) || data.length !== sizeOf(shape))
    fail('runtime', {
      where,
      what: 'does not fit',
      got: `${data.constructor.name} of ${data.length}`,
      expected: `${expected}, ${sizeOf(shape)} elements`,
    });
  return data;
}
