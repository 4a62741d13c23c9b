// What an export has to compute, as safetensors beside its files: npx tsx bench/peers/exports.ts EXPORT MODEL [key=value …]
// The numbers come from programs compiled anew from MODEL, an adapter folder or a backbone, not from the exported files.

import { join } from 'node:path';
import { readYaml, recipeOfAdapter } from '../../src/cli/recipe.js';
import type { Signature } from '../../src/compiler/onnx/index.js';
import type { Feeds } from '../../src/compiler/runtime/index.js';
import { references } from '../../src/export/programs/reference.test-support.js';
import { makeFolder, writeAtomically } from '../../src/files/files.js';
import { float32Array, int32Array, type NamedArray, writeSafetensors } from '../../src/format/index.js';
import { override, parseRecipe } from '../../src/recipe/index.js';
import { findAdapter } from '../../src/weights/store/adapter-name.js';

const [folder = '', model = '', ...changes] = process.argv.slice(2);
const { task, batch } = (await readYaml(join(folder, 'export.json'))) as { task: string; batch: { use: number } };
const adapter = await findAdapter(model);
const recipe = adapter
  ? await recipeOfAdapter(adapter, changes)
  : parseRecipe(override({ backbone: model, task, data: { path: '.' } }, changes), 'command line');

await makeFolder(join(folder, 'expected'));
for await (const { name, inputs, outputs, given, computed } of references({ adapter, recipe, batch: batch.use })) {
  const arrays = new Map([...named('in/', inputs, given), ...named('', outputs, computed, 'out:')]);
  await writeAtomically(join(folder, 'expected', `${name}.safetensors`), writeSafetensors(arrays));
  console.log(name);
}

function* named(
  prefix: string,
  signatures: ReadonlyMap<string, Signature>,
  values: Feeds,
  before = '',
): Generator<[string, NamedArray]> {
  for (const [name, { dtype, shape }] of signatures) {
    const data = values[name];
    const array = dtype === 'int32' ? int32Array(shape, data as Int32Array) : float32Array(shape, data as Float32Array);
    yield [`${prefix}${before}${name}`, array];
  }
}
