// A compiled program: a pure function from named arrays to named arrays.

import { fail } from '../error/index.js';
import { type Location, lower, type Signature } from '../onnx/index.js';
import { bytesOf, type DType, type NumberArray, printShape, sizeOf, type Tensor } from '../tensor/index.js';
import type { Backend, Feeds } from './backend.js';

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
   * Arrays that never change, by input name: they become part of the program, which lets the runtime rearrange them
   * for speed (one private copy per program). Default: everything is fed, so that programs share one buffer.
   */
  readonly frozen?: Feeds;
}

/** Compiles the program that computes `outputs`. */
export async function compile(
  backend: Backend,
  outputs: Readonly<Record<string, Tensor>>,
  { name = 'program', frozen = {} }: CompileOptions = {},
): Promise<Program> {
  const files = new Map<string, Uint8Array>();
  const locations = new Map<string, Location>();
  for (const [path, data] of Object.entries(frozen)) {
    const file = `frozen-${files.size}`;
    files.set(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    locations.set(path, { file, offset: 0, bytes: data.byteLength });
  }
  const lowered = lower(outputs, { target: backend.target, frozen: locations });
  const session = await backend.load(lowered, files);
  return {
    inputs: lowered.inputs,
    outputs: lowered.outputs,
    run: (feeds) => session.run(checked(feeds, lowered.inputs, name)),
    release: () => session.release(),
  };
}

function checked(feeds: Feeds, inputs: ReadonlyMap<string, Signature>, program: string): Feeds {
  const taken: Record<string, NumberArray> = {};
  for (const [name, { shape, dtype }] of inputs) {
    const data = feeds[name];
    const expected = `${dtype} ${printShape(shape)}`;
    if (!data) fail('runtime', { where: `${program}, input ${name}`, what: 'is missing', expected });
    if (!(data instanceof arrayOf[dtype]) || data.byteLength !== sizeOf(shape) * bytesOf[dtype])
      fail('runtime', {
        where: `${program}, input ${name}`,
        what: 'does not fit',
        got: `${data.constructor.name} of ${data.length}`,
        expected: `${expected}, ${sizeOf(shape)} elements`,
      });
    taken[name] = data;
  }
  return taken;
}

const arrayOf: Readonly<Record<DType, { new (n: number): NumberArray }>> = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};
