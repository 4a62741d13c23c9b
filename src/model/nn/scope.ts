// Parameters are declared where they are used. A scope is a place in the tree of names; the path of a parameter is its
// checkpoint key, and asking twice for one path means sharing it. Tracing a model once yields the complete list.

import { input, printShape, type Shape, type Tensor, within } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import type { Initial } from './initial.js';

/**
 * What a parameter is for; a method says which roles train, and the same are saved. `head`: projections and matching;
 * `lmHead`: what turns the decoder's states into words, which adapters leave frozen, as in the release.
 */
export type Role = 'base' | 'adapter' | 'head' | 'lmHead';

export interface Declaration {
  /** The checkpoint key, e.g. `visual_encoder.blocks.0.attn.qkv.weight`; also the name of the program's input. */
  readonly path: string;
  readonly shape: Shape;
  readonly dtype: 'float32';
  readonly role: Role;
  /** Never trains, whatever its role; saved with it all the same. */
  readonly frozen: boolean;
  readonly initial: Initial;
}

export interface Scope {
  /** Dotted; '' at the root. */
  readonly path: string;
  /** The place `name` below this one; `name` may be dotted. */
  at(name: string | number): Scope;
  /** The same place, where parameters are declared with `role`; a scope starts as `base`. */
  as(role: Role): Scope;
  /** The same place, where parameters are declared never to train. */
  frozen(): Scope;
  /**
   * The parameter `name` of this place.
   *
   * @throws parameter  when the path was declared before with another shape, role or start
   */
  param(name: string, shape: Shape, initial: Initial): Tensor;
  /** Builds the module of this place: values made by `build` carry its path. */
  inside<T>(build: (p: Scope) => T): T;
  /**
   * The same tree read through `replace`, e.g. with moving averages in the place of what trains. Whatever `replace`
   * returns unchanged stays the very same tensor, so both trees share everything computed from it alone.
   */
  twin(replace: (declaration: Declaration, online: Tensor) => Tensor): Scope;
  /** Every parameter declared so far, anywhere in the tree, in the order of first use. */
  declarations(): readonly Declaration[];
}

/** The tensor of a declared parameter in the current trace. */
export const parameter = ({ path, shape, dtype }: Declaration): Tensor => input(path, shape, dtype);

/** The root of a new, empty tree of parameters. Use one for everything that shares parameters, in any trace. */
export function rootScope(): Scope {
  return place(new Map(), { path: '', role: 'base', frozen: false, entered: '', read: parameter });
}

interface Place {
  readonly path: string;
  readonly role: Role;
  readonly frozen: boolean;
  /** The innermost place whose module is being built; names of values are relative to it. */
  readonly entered: string;
  readonly read: (declaration: Declaration) => Tensor;
}

function place(known: Map<string, Declaration>, here: Place): Scope {
  const move = (change: Partial<Place>) => place(known, { ...here, ...change });
  const { path, role, frozen, entered, read } = here;
  return {
    path,
    at: (name) => move({ path: join(path, String(name)) }),
    as: (role) => move({ role }),
    frozen: () => move({ frozen: true }),
    param: (name, shape, initial) =>
      read(declare(known, { path: join(path, name), shape, dtype: 'float32', role, frozen, initial })),
    inside: (build) => within(relative(path, entered), () => build(move({ entered: path }))),
    twin: (replace) => move({ read: (declaration) => replace(declaration, read(declaration)) }),
    declarations: () => [...known.values()],
  };
}

function declare(known: Map<string, Declaration>, declaration: Declaration): Declaration {
  const { path } = declaration;
  const before = known.get(path) ?? declaration;
  if (describe(before) !== describe(declaration))
    fail('parameter', {
      where: path,
      what: 'is declared twice, differently',
      got: describe(declaration),
      expected: `${describe(before)} as before`,
      fix: 'use another path, or the same shape, role and start for shared parameters',
    });
  known.set(path, before);
  return before;
}

function describe({ shape, role, frozen, initial }: Declaration): string {
  return `${printShape(shape)} ${role}${frozen ? ' (frozen)' : ''} starting ${Object.values(initial).join(' ')}`;
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const relative = (path: string, entered: string): string =>
  entered !== '' && path.startsWith(`${entered}.`) ? path.slice(entered.length + 1) : path;
