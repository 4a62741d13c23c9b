// What exported programs have to compute: the same programs as the project itself compiles and runs them, on numbers drawn
// at random that fit what each input means.

import type { Signature } from '../../compiler/onnx/index.js';
import type { Feeds } from '../../compiler/runtime/index.js';
import { type NumberArray, sizeOf } from '../../compiler/tensor/index.js';
import { compileFor } from '../../model/index.js';
import { stream } from '../../random/index.js';
import { adamwScalars } from '../../train/optim/index.js';
import type { ExportOptions } from './options.js';
import { programsOf } from './programs.js';
import { type OpenedSource, openSource } from './source.js';

export interface Reference {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Signature>;
  readonly outputs: ReadonlyMap<string, Signature>;
  readonly given: Feeds;
  readonly computed: Feeds;
}

/** Runs every program of an export, one after the other. */
export async function* references(from: ExportOptions): AsyncGenerator<Reference> {
  const source = await openSource(from);
  const { trained } = source;
  for (const { name, build, fed } of programsOf(source).programs) {
    const program = await compileFor(trained, name, build);
    const isAsked = (input: string) => fed.has(input) || !(input in trained.weights); // the others are in the file
    const inputs = new Map([...program.inputs].filter(([input]) => isAsked(input)));
    const drawn = [...inputs].map(([input, signature], i) => [input, draw(input, signature, source, i)] as const);
    const given = Object.fromEntries(drawn);
    const computed = await program.run({ ...trained.weights, ...given });
    yield { name, inputs, outputs: program.outputs, given, computed };
    await program.release();
  }
}

const scalars: Readonly<Record<string, Float32Array>> = {
  ...adamwScalars(1e-3, 2),
  alpha: Float32Array.of(0.4),
  mu: Float32Array.of(0.995),
};

/** Numbers of an input, by what it is called. */
function draw(name: string, signature: Signature, { trained }: OpenedSource, index: number): NumberArray {
  const known = scalars[name] ?? trained.weights[name.replace(/^momentum\//, '')];
  if (known) return known;
  return signature.dtype === 'float32'
    ? floats(name, signature, index)
    : whole(name, signature, { vocabulary: trained.config.text.vocabulary, index });
}

function floats(name: string, { shape }: Signature, index: number): Float32Array {
  const draws = stream(7, 'export', index);
  const scale = name.startsWith('gradient/') ? 1e-3 : name.startsWith('queue/') ? (shape.at(-1) as number) ** -0.5 : 1;
  const values = Float32Array.from({ length: sizeOf(shape) }, () => scale * draws.normal());
  if (name.startsWith('second/')) return values.map((x) => 1e-6 * x * x);
  return name === 'answer/weight' ? values.map(Math.abs) : values;
}

function whole(
  name: string,
  { shape }: Signature,
  { vocabulary, index }: { readonly vocabulary: number; readonly index: number },
): Int32Array {
  const draws = stream(7, 'export', index);
  const width = shape.at(-1) as number;
  const values = (value: (i: number) => number) => Int32Array.from({ length: sizeOf(shape) }, (_, i) => value(i));
  if (name === 'token' || name.endsWith('ids')) return values(() => draws.below(vocabulary));
  if (name.endsWith('mask')) return values((i) => (i % width < Math.max(2, width - 1 - Math.floor(i / width)) ? 1 : 0));
  if (name === 'queue/index') return values(() => -100);
  if (name === 'position') return values(() => 1);
  return values((i) => (name === 'answer/question' ? 0 : i)); // numbers of rows
}
