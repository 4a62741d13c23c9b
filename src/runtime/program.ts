// A compiled program: a pure function from named arrays to named arrays.

import { fail } from '../error/index.js';
import { type Location, lower, type Signature } from '../onnx/index.js';
import { arrayOf, is, type NumberArray, ordered, printShape, sizeOf, type Tensor } from '../tensor/index.js';
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
  for (const value of ordered(Object.values(outputs))) {
    if (!is(value, 'input')) continue;
    const data = frozen[value.attributes.name];
    if (!data) continue;
    const file = `frozen-${files.size}`;
    check(data, value, `${name}, frozen input ${value.attributes.name}`);
    files.set(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    locations.set(value.attributes.name, { file, offset: 0, bytes: data.byteLength });
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
