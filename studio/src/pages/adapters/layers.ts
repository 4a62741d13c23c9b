// The modules of an adapter by role, and along the layers of the model.

import type { AdapterDetails } from '../../../../src/server/schema/index.js';

export type Module = AdapterDetails['modules'][number];

export interface Role {
  readonly role: string;
  readonly modules: readonly Module[];
  readonly parameters: number;
  readonly tensors: number;
}

/** The largest first. */
export function rolesOf(modules: readonly Module[]): readonly Role[] {
  const byRole = new Map<string, Module[]>();
  for (const module of modules) byRole.set(module.role, [...(byRole.get(module.role) ?? []), module]);
  const sum = (of: readonly Module[], key: 'parameters' | 'tensors') => of.reduce((total, one) => total + one[key], 0);
  return [...byRole]
    .map(([role, its]) => ({ role, modules: its, parameters: sum(its, 'parameters'), tensors: sum(its, 'tensors') }))
    .sort((a, b) => b.parameters - a.parameters);
}

export interface LayerChange {
  /** From 0. */
  readonly layer: number;
  /** RMS; of several modules in a layer, the root of the mean square. */
  readonly change: number;
}

/** Along the layers, where anything is known. */
export function changesOf(modules: readonly Module[]): readonly LayerChange[] {
  const squares = new Map<number, number[]>();
  for (const { module, change } of modules) {
    const layer = layerOf(module);
    if (layer === null || change === null) continue;
    squares.set(layer, [...(squares.get(layer) ?? []), change ** 2]);
  }
  return [...squares]
    .map(([layer, of]) => ({ layer, change: Math.sqrt(of.reduce((a, b) => a + b, 0) / of.length) }))
    .sort((a, b) => a.layer - b.layer);
}

/** The number in a path such as `text_encoder.encoder.layer.3.adapter`; null where there is none. */
function layerOf(module: string): number | null {
  const number = module.match(/\.(\d+)(\.|$)/)?.[1];
  return number === undefined ? null : Number(number);
}
