// Whether a checkpoint's tensors are those of a BLIP of its sizes: everything that is wrong, told at once and briefly.

import { printShape, sameShape } from '../../compiler/tensor/index.js';
import { grouped } from '../../data/items/index.js';
import { fail, listed, shortened } from '../../error/index.js';
import type { NamedArrays } from '../../format/index.js';
import { full } from '../../model/adapter/index.js';
import type { BlipConfig } from '../../model/blip/index.js';
import { createModel, declarationsOf, type TaskName } from '../../model/index.js';

/** What a checkpoint can do, told from the parts it has; one without any ought to retrieve. */
export function tasksOf(names: Iterable<string>): readonly TaskName[] {
  const parts = new Set([...names].map((name) => name.slice(0, name.indexOf('.'))));
  const has = (...wanted: string[]) => wanted.some((part) => parts.has(part));
  const [encoder, decoder] = [has('text_encoder'), has('text_decoder')];
  const isWhole = encoder && has('text_proj', 'vision_proj', 'itm_head');
  return [
    ...(isWhole || !decoder ? (['retrieval'] as const) : []),
    ...(encoder && decoder ? (['answering'] as const) : []),
    ...(decoder ? (['captioning'] as const) : []),
  ];
}

/**
 * Holds tensors against what a backbone of these sizes has.
 *
 * @param arrays  by the original names
 * @throws parameter  naming tensors that are missing, unexpected or of another shape, of each the first ten kinds
 */
export function checkFit(arrays: NamedArrays, config: BlipConfig, where: string): void {
  const model = createModel(config, full());
  const declared = tasksOf(arrays.keys()).flatMap((task) => declarationsOf(model, { task, frames: null }));
  const shapes = new Map(declared.map(({ path, shape }) => [path, shape]));
  const missing = [...shapes.keys()].filter((path) => !arrays.has(path));
  const unexpected = [...arrays.keys()].filter((path) => !shapes.has(path));
  const misshaped = [...arrays].flatMap(([path, { shape }]) => {
    const expected = shapes.get(path);
    return expected && !sameShape(shape, expected)
      ? [{ path, problem: `${printShape(shape)}, expected ${printShape(expected)}` }]
      : [];
  });
  const problems = [
    ...(missing.length > 0 ? [`missing ${brief(missing)}`] : []),
    ...(unexpected.length > 0 ? [`unexpected ${brief(unexpected)}`] : []),
    ...[...grouped(misshaped, ({ problem }) => problem)].map(
      ([problem, some]) => `${brief(some.map(({ path }) => path))} is ${problem}`,
    ),
  ];
  if (problems.length > 0)
    fail('parameter', {
      where,
      what: `its tensors do not fit a BLIP of its sizes: ${listed(problems, String, '; ')}`,
      fix: 'check that config.json belongs to these weights, and that the file is complete',
    });
}

/** Layers of a list of names, at most. */
const MOST_LAYERS = 64;

/** `blocks.0.a`, `blocks.1.a`, `b` → `blocks.{0,1}.a, b`: names that differ in one number together, ten of what remains. */
export function brief(names: readonly string[]): string {
  const patterns = grouped(names, (name) => name.replace(/\.\d+\./, '.#.'));
  return listed([...patterns], ([pattern, some]) => {
    if (some.length === 1) return shortened(some[0] as string);
    const numbers = some.slice(0, MOST_LAYERS).map((name) => /\.(\d+)\./.exec(name)?.[1]);
    const more = some.length > MOST_LAYERS ? ',…' : '';
    return shortened(pattern).replace('.#.', `.{${numbers.join(',')}${more}}.`);
  });
}
