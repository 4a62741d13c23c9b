// Texts under different adapters at once: what is frozen is computed for all rows together, what an adapter adds for its
// row alone. The adapters are of one method; each row has inputs of its own for what an adapter file holds.

import {
  concat,
  input,
  is,
  l2Normalise,
  ordered,
  reshape,
  slice,
  type Tensor,
  trace,
} from '../../compiler/tensor/index.js';
import { type Method, saves } from '../adapter/index.js';
import { readTexts } from '../blip/index.js';
import { type Declaration, type Hooks, linear, type Scope } from '../nn/index.js';
import { type Model, textInputs } from './model.js';

/** Whether texts under adapters of a method can be computed together: not where all of the backbone is its own. */
export const mixes = ({ roles }: Method): boolean => !roles.includes('base');

/** The name of the input that holds the parameter `path` of the adapter of a row. */
export const rowName = (row: number, path: string): string => `row/${row}/${path}`;

/**
 * Encodes texts, each with an adapter of its own, from the inputs `ids` and `mask` int32 [B, T].
 *
 * @returns feature [B, P], unit length
 */
export function mixedTextEncoder(model: Model, { batch, tokens }: { batch: number; tokens: number }) {
  const { method, config } = model;
  const scopes = Array.from({ length: batch }, (_, row) => model.p.twin(ownOf(method, row)));
  const hooks = eachRow(scopes.map((p) => method.hooks(p, config)));
  const first = readTexts({ p: model.p, config, hooks }, textInputs(batch, tokens), 'first'); // [B, 1, D]
  const project = (p: Scope, x: Tensor) => linear(p.at('text_proj').as('head'), x, config.projection);
  const projected = concat(
    scopes.map((p, row) => project(p, rowOf(first, row))),
    0,
  );
  return { feature: l2Normalise(reshape(projected, [batch, config.projection])) };
}

/** Paths of the parameters that every row has inputs for. */
export function rowPaths(model: Model): readonly string[] {
  const { feature } = trace(() => mixedTextEncoder(model, { batch: 1, tokens: 2 }));
  const start = rowName(0, '');
  const names = ordered([feature]).flatMap((x) => (is(x, 'input') ? x.attributes.name : []));
  return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}

const ownOf =
  (method: Method, row: number) =>
  (declaration: Declaration, shared: Tensor): Tensor =>
    saves(method, declaration) ? input(rowName(row, declaration.path), declaration.shape) : shared;

/** Hooks in which each row goes through its own. */
function eachRow(each: readonly Hooks[]): Hooks {
  const [{ besideText, linear, after }] = each as [Hooks];
  const join = (rows: readonly Tensor[]) => concat(rows, 0);
  return {
    ...(besideText && {
      besideText: ({ layer, selfAttended }) => {
        const rows = each.map((hooks, row) =>
          hooks.besideText?.({ layer, selfAttended: rowOf(selfAttended, row), crossAttended: null }),
        );
        return rows.every((row) => row) ? join(rows as Tensor[]) : null;
      },
    }),
    ...(linear && {
      linear: (site, x, y) => join(each.map((hooks, row) => hooks.linear?.(site, rowOf(x, row), rowOf(y, row)) ?? y)),
    }),
    ...(after && {
      after: (path, y) => join(each.map((hooks, row) => hooks.after?.(path, rowOf(y, row)) ?? y)),
    }),
  };
}

/** [B, …] → [1, …] */
const rowOf = (x: Tensor, row: number): Tensor => slice(x, 0, row, row + 1);
