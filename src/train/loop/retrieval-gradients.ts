// Retrieval's gradients piece by piece: the parts of task/retrieval-pieces.ts, and the arrays that go between them.

import { gradients } from '../../compiler/autodiff/index.js';
import type { Feeds, Program } from '../../compiler/runtime/index.js';
import type { Tensor } from '../../compiler/tensor/index.js';
import { imageTokens } from '../../model/blip/index.js';
import { compileFor } from '../../model/index.js';
import { parameter } from '../../model/nn/index.js';
import {
  contrastAll,
  encodePiece,
  type Model,
  matchPiece,
  momentumName,
  type Part,
  pieceNames,
  pullPiece,
  type RetrievalBatch,
  type RetrievalOptions,
} from '../../model/task/index.js';
import { pickRows } from '../../predict/programs/index.js';
import { updateNames } from '../optim/index.js';
import { addTo } from './gradients.js';
import type { Gradients, InPieces, Results } from './task.js';

const { feature, target, slope } = pieceNames;

/** @param piece  M, samples that are encoded at once; divides the batch */
export function retrievalInPieces(
  model: Model,
  sizes: RetrievalBatch,
  options: RetrievalOptions,
  piece: number,
): InPieces {
  const part = { ...sizes, batch: piece };
  const matches = (options.itm ?? 1) > 0;
  const programs = {
    encode: () => encoded(encodePiece(model, part, options)),
    contrast: () => differentiated(contrastAll(model, sizes.batch, options), 'itc'),
    ...(matches && { match: () => differentiated(matchPiece(model, part, options), 'itm') }),
    pull: () => differentiated(pullPiece(model, part)),
  };
  const tokenBytes = 4 * sizes.batch * (sizes.frames ?? 1) * imageTokens(model.config) * model.config.vision.width;
  return {
    programs,
    betweenBytes: 2 * tokenBytes, // and their slopes
    isFree: false,
    async open(model) {
      const opened: [string, Program][] = [];
      for (const [name, build] of Object.entries(programs))
        opened.push([name, await compileFor(model, `${name} program`, build)]);
      return gradientsWith(Object.fromEntries(opened) as unknown as Programs, sizes.batch, piece);
    },
  };
}

interface Programs {
  readonly encode: Program;
  readonly contrast: Program;
  /** Where matching is learnt. */
  readonly match?: Program;
  readonly pull: Program;
}

function gradientsWith({ encode, contrast, match, pull }: Programs, batch: number, piece: number): Gradients {
  /** Part 1 of every piece. @returns arrays of the whole batch, and the moving averages */
  async function encodeAll(feeds: Feeds): Promise<Results> {
    const all: Results = {};
    for (const rows of piecesOf(batch, piece)) {
      const out = await encode.run({ ...feeds, ...rowsOf(feeds, ['image', 'ids', 'mask'], rows, batch) });
      for (const [name, values] of Object.entries(out)) {
        if (name.startsWith(momentumName(''))) all[name] ??= values;
        else put(all, name, values as Float32Array, rows, batch);
      }
    }
    return all;
  }

  /** Part 3 of every piece. @returns losses, gradients, and the tokens' slopes for the whole batch */
  async function matchAll(match: Program, feeds: Feeds, seen: Results): Promise<Results> {
    const sums: Results = {};
    const tokens = new Float32Array((seen[pieceNames.tokens] as Float32Array).length);
    for (const own of piecesOf(batch, piece)) {
      const other = (of: 'image' | 'text') => own.map((row) => seen[`negative/${of}`]?.[row] as number);
      const [images, texts] = [
        [...own, ...other('image')],
        [...own, ...other('text')],
      ];
      const { [slope.tokens]: pulled, ...out } = await match.run({
        ...feeds,
        ...rowsOf(seen, [pieceNames.tokens, pieceNames.frames], images, batch),
        ...rowsOf({ ...seen, ...feeds }, ['ids', 'mask', feature.text], texts, batch),
      });
      addTo(sums, out, piece / batch);
      addRows(tokens, pulled as Float32Array, images, { batch, share: piece / batch });
    }
    return { ...sums, [slope.tokens]: tokens };
  }

  return {
    async run({ feeds }) {
      const seen = await encodeAll(feeds);
      const { [slope.image]: image, [slope.text]: text, ...sums } = await contrast.run({ ...feeds, ...seen });
      const zero = new Float32Array((seen[pieceNames.tokens] as Float32Array).length);
      const { [slope.tokens]: tokens, ...matched } = match
        ? await matchAll(match, feeds, { ...seen, ...sums })
        : { [slope.tokens]: zero };
      addTo(sums, matched);
      const whole = { ...feeds, [slope.image]: image, [slope.text]: text, [slope.tokens]: tokens } as Feeds;
      for (const rows of piecesOf(batch, piece)) {
        const { total: _, ...out } = await pull.run({ ...feeds, ...rowsOf(whole, PULLED, rows, batch) });
        addTo(sums, out);
      }
      const averages = Object.entries(seen).filter(([name]) => name.startsWith(momentumName('')));
      return {
        ...sums,
        ...Object.fromEntries(averages),
        'queue/image': seen[target.image] as Float32Array,
        'queue/text': seen[target.text] as Float32Array,
      };
    },
    async release() {
      for (const program of [encode, contrast, match, pull]) await program?.release();
    },
  };
}

const PULLED = ['image', 'ids', 'mask', slope.image, slope.text, slope.tokens];

/** What the other parts need, with the moving averages. */
function encoded({ outputs, momentum }: ReturnType<typeof encodePiece>): Record<string, Tensor> {
  return { ...outputs, ...Object.fromEntries(Object.entries(momentum).map(([path, x]) => [momentumName(path), x])) };
}

/** A part's outputs with its gradients. */
function differentiated({ loss, total, trained, slopes, outputs }: Part, name?: string): Record<string, Tensor> {
  const by = [...Object.entries(slopes), ...trained.map((d) => [updateNames(d.path).gradient, parameter(d)] as const)];
  const found = gradients(
    total,
    by.map(([, x]) => x),
  );
  return {
    total,
    ...outputs,
    ...(loss && { [`loss/${name}`]: loss }),
    ...Object.fromEntries(by.map(([name], i) => [name, found[i] as Tensor])),
  };
}

/** Row numbers of each piece. */
const piecesOf = (batch: number, piece: number): readonly (readonly number[])[] =>
  Array.from({ length: batch / piece }, (_, i) => Array.from({ length: piece }, (_, j) => i * piece + j));

/** Some rows of some arrays of a batch. */
function rowsOf(arrays: Feeds, names: readonly string[], rows: readonly number[], batch: number): Feeds {
  return Object.fromEntries(
    names.map((name) => {
      const array = arrays[name] as Float32Array | Int32Array;
      return [name, pickRows(array, rows, array.length / batch)];
    }),
  );
}

/** Writes rows into an array of the whole batch, which is made when the first come. */
function put(all: Results, name: string, values: Float32Array, rows: readonly number[], batch: number): void {
  const width = values.length / rows.length;
  const array = (all[name] ?? new Float32Array(batch * width)) as Float32Array;
  array.set(values, (rows[0] as number) * width);
  all[name] = array;
}

/** Adds rows, of which several may be the same, to those of the whole batch. */
function addRows(
  sums: Float32Array,
  parts: Float32Array,
  rows: readonly number[],
  { batch, share }: { readonly batch: number; readonly share: number },
): void {
  const width = sums.length / batch;
  for (const [i, row] of rows.entries())
    for (let at = 0; at < width; at++)
      sums[row * width + at] = (sums[row * width + at] as number) + share * (parts[i * width + at] as number);
}
