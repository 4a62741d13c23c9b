// A model that can run: a backbone's sizes, a method's hooks, numbers in its parameters and an engine below.

import { type Backend, compile, createInt8Weights, type Int8Weights, type Program } from '../compiler/runtime/index.js';
import { printShape, sameShape, sizeOf, type Tensor, trace } from '../compiler/tensor/index.js';
import { fail } from '../error/index.js';
import { elementCount, float32Of, type NamedArray, type NamedArrays } from '../format/index.js';
import { type Method, saves } from './adapter/index.js';
import type { BlipConfig } from './blip/index.js';
import { type Declaration, initialise, rootScope } from './nn/index.js';
import { answeringParameters, captioningParameters, type Model, retrievalParameters } from './task/index.js';

/** f32 arrays by parameter path. */
export type Weights = Readonly<Record<string, Float32Array>>;

/** Every number of a model, backbone and adapter. */
export interface Numbers {
  /** In memory; programs are fed with them. */
  readonly weights: Weights;
  /** Still in files, by parameter path; programs map them. What `weights` has too is taken from there. */
  readonly stored: Readonly<Record<string, NamedArray>>;
}

export interface LoadedModel extends Model, Numbers {
  readonly backend: Backend;
  /** Frozen matrices whose products are computed in int8, see {@link int8Of}; without it everything is float32. */
  readonly int8?: Int8Weights;
}

/** A model without numbers. */
export const createModel = (config: BlipConfig, method: Method): Model => ({ p: rootScope(), config, method });

export type TaskName = 'retrieval' | 'answering' | 'captioning';

/** What a model is for, which decides what parameters it has: a model that retrieves needs no decoder. */
export interface Purpose {
  readonly task: TaskName;
  /** F; null for images. */
  readonly frames: number | null;
}

/** Every parameter of a model, in the order of first use. */
export function declarationsOf({ config, method }: Model, { task, frames }: Purpose): readonly Declaration[] {
  const model = createModel(config, method);
  switch (task) {
    case 'retrieval':
      return retrievalParameters(model, frames);
    case 'answering':
      return answeringParameters(model, frames);
    case 'captioning':
      return captioningParameters(model, frames);
  }
}

/**
 * A method as evaluation can use it: a model that has learnt to answer about single pictures is without the projections,
 * by which frames are weighed.
 */
export const evaluatedWith = (method: Method, { task, frames }: Purpose): Method => ({
  ...method,
  frameAware: method.frameAware && (task !== 'answering' || (frames ?? 1) > 1),
});

export interface AssembleOptions {
  /** An adapter's tensors; null starts the method's own parameters as declared. Default null. */
  readonly adapter?: NamedArrays | null;
  /** Of the initial values of what no file brings. */
  readonly seed: number;
  /** The files, for messages. */
  readonly where: string;
}

/** How many numbers a model has. */
export function parameterCount(model: Numbers): number {
  const inMemory = Object.values(model.weights).reduce((n, { length }) => n + length, 0);
  return Object.values(frozen(model)).reduce((n, { shape }) => n + elementCount(shape), inMemory);
}

/** What programs do not have to be fed with. */
const frozen = ({ weights, stored }: Numbers): Numbers['stored'] =>
  Object.fromEntries(Object.entries(stored).filter(([path]) => !(path in weights)));

/**
 * The numbers of a model: the backbone's, with what a method adds or changes. Only what an adapter of this method holds
 * is read from files; the rest stays where it is.
 *
 * @param declarations  all its parameters, as {@link declarationsOf} tells them
 * @param backbone  the frozen weights; null starts every parameter as declared
 * @throws parameter  naming every tensor that is missing, superfluous or of another shape
 */
export function assemble(
  { method }: Pick<Model, 'method'>,
  declarations: readonly Declaration[],
  backbone: NamedArrays | null,
  { adapter = null, seed, where }: AssembleOptions,
): Numbers {
  const declared = new Set(declarations.map(({ path }) => path));
  const problems = [...(adapter?.keys() ?? [])]
    .filter((path) => !declared.has(path))
    .map((path) => `${path} is not part of the model`);
  const weights: Record<string, Float32Array> = {};
  const stored: Record<string, NamedArray> = {};
  for (const declaration of declarations) {
    const { path, shape, role } = declaration;
    const isSaved = saves(method, declaration);
    const file = adapter && isSaved ? adapter : backbone;
    const found = file?.get(path);
    if (!file || (!adapter && role === 'adapter')) weights[path] = initialise(declaration, seed);
    else if (!found) problems.push(`${path} is missing`);
    else if (!sameShape(found.shape, shape))
      problems.push(`${path} is ${printShape(found.shape)}, expected ${printShape(shape)}`);
    else if (isSaved || !found.place) weights[path] = float32Of(found);
    else stored[path] = found;
  }
  if (problems.length > 0) refuse(problems, where);
  return { weights, stored };
}

function refuse(problems: readonly string[], where: string): never {
  const more = problems.length > 10 ? `; and ${problems.length - 10} more` : '';
  fail('parameter', {
    where,
    what: `its tensors do not fit the model: ${problems.slice(0, 10).join('; ')}${more}`,
    fix: 'use the backbone and the method options that the file was made with',
  });
}

/** Works with something that has to be released afterwards, whatever happens. */
export async function whileOpen<T extends { release(): Promise<void> }, R>(
  opening: Promise<T>,
  work: (opened: T) => Promise<R>,
): Promise<R> {
  const opened = await opening;
  try {
    return await work(opened);
  } finally {
    await opened.release();
  }
}

/** Products with smaller matrices, 256 × 512 and less, gain little or nothing: measured, see docs/log.md. */
const LEAST_INT8 = 2 ** 18;

/** The matrices of a frozen backbone that are worth int8: not embeddings, which are read by row, nor what methods add. */
export function int8Of(
  declarations: readonly Declaration[],
  numbers: Numbers,
  least: number = LEAST_INT8,
): Int8Weights {
  const still = frozen(numbers);
  const matrices = declarations.flatMap(({ path, shape, role }) => {
    const array = still[path];
    const isLarge = shape.length === 2 && sizeOf(shape) >= least;
    return array && isLarge && role === 'base' ? [[path, array] as const] : [];
  });
  return createInt8Weights(Object.fromEntries(matrices));
}

/** {@link compileFor}, when it is first run. */
export function compileLazily(...given: Parameters<typeof compileFor>): Pick<Program, 'run' | 'release'> {
  let program: Promise<Program> | undefined;
  return {
    async run(feeds) {
      program ??= compileFor(...given);
      return (await program).run(feeds);
    },
    async release() {
      await (await program?.catch(() => undefined))?.release();
    },
  };
}

/** Compiles a program over a model's parameters. @param build what it computes, by output name */
export function compileFor(
  model: LoadedModel,
  name: string,
  build: () => Readonly<Record<string, Tensor>>,
): Promise<Program> {
  const { int8 } = model;
  return compile(model.backend, trace(build), { name, frozen: frozen(model), ...(int8 && { int8 }) });
}
