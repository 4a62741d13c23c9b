// A model that can run: a backbone's sizes, a method in its seam, numbers in its parameters and an engine below.

import { type Method, saves } from '../adapter/index.js';
import type { BlipConfig } from '../blip/index.js';
import { fail } from '../error/index.js';
import { type Declaration, initialise, rootScope } from '../nn/index.js';
import { type Backend, compile, type Program } from '../runtime/index.js';
import { type Model, retrievalParameters } from '../task/index.js';
import { printShape, sizeOf, type Tensor, trace } from '../tensor/index.js';

/** f32 arrays by parameter path. */
export type Weights = Readonly<Record<string, Float32Array>>;

export interface LoadedModel extends Model {
  readonly backend: Backend;
  /** T: what captions are padded or cut to. */
  readonly maxTokens: number;
  /** Every parameter, backbone and adapter. */
  readonly weights: Weights;
}

/** A model without numbers. */
export const createModel = (config: BlipConfig, method: Method): Model => ({ p: rootScope(), config, method });

/** Every parameter of a model, in the order of first use. */
export const declarationsOf = ({ config, method }: Model): readonly Declaration[] =>
  retrievalParameters(createModel(config, method));

export interface AssembleOptions {
  /** Of the initial values of what no file brings. */
  readonly seed: number;
  /** The files, for messages. */
  readonly where: string;
}

/**
 * The weights of a model: the backbone's, with what a method adds or changes.
 *
 * @param backbone  the frozen weights; null starts every parameter as declared
 * @param adapter   an adapter's tensors; null starts the method's own parameters as declared
 * @throws parameter  naming every tensor that is missing, superfluous or of another size
 */
export function assemble(
  model: Model,
  backbone: Weights | null,
  adapter: Weights | null,
  { seed, where }: AssembleOptions,
): Weights {
  const declarations = declarationsOf(model);
  const weights: Record<string, Float32Array> = {};
  const problems = Object.keys(adapter ?? {})
    .filter((path) => !declarations.some((d) => d.path === path))
    .map((path) => `${path} is not part of the model`);
  for (const declaration of declarations) {
    const { path, shape, role } = declaration;
    const starts = backbone === null || (adapter === null && role === 'adapter');
    const file = adapter !== null && saves(model.method, declaration) ? adapter : backbone;
    const data = starts ? initialise(declaration, seed) : file?.[path];
    if (data?.length === sizeOf(shape)) weights[path] = data;
    else problems.push(data ? `${path} has ${data.length} numbers, not ${printShape(shape)}` : `${path} is missing`);
  }
  if (problems.length > 0)
    fail('parameter', {
      where,
      what: `${problems.length} tensors do not fit: ${problems.slice(0, 10).join('; ')}${problems.length > 10 ? '; …' : ''}`,
      fix: 'use the backbone and the method options that the file was made with',
    });
  return weights;
}

/** Compiles a program over a model's parameters. @param build what it computes, by output name */
export function compileFor(
  { backend }: LoadedModel,
  name: string,
  build: () => Readonly<Record<string, Tensor>>,
): Promise<Program> {
  return compile(backend, trace(build), { name });
}
