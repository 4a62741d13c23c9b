// Weights that are numbers one by one can be too large together: then nothing that comes of them is a number any more.

import type { NumberArray } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';

/** What a program computed, as it is. @throws overflow  when a value of it is no number, or infinite */
export async function finite<O extends Readonly<Record<string, NumberArray>>>(computed: Promise<O>): Promise<O> {
  const outputs = await computed;
  for (const [name, values] of Object.entries(outputs))
    if (values instanceof Float32Array && !areFinite(values))
      fail('overflow', {
        where: 'the model',
        what: `computes a ${name} that is no number`,
        fix: 'the weights of its adapter, or of its backbone, are too large together: use another one, or train it again with a lower optimiser.learningRate',
      });
  return outputs;
}

/** A number less itself is nothing; all in one sum, since there may be millions. */
function areFinite(values: Float32Array): boolean {
  let rest = 0;
  for (let i = 0; i < values.length; i++) rest += (values[i] as number) - (values[i] as number);
  return rest === 0;
}
