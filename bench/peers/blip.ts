// Holds folders written by blip.py against what transformers computed: npx tsx bench/peers/blip.ts FOLDER …

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareWithExpected } from '../../src/weights/checkpoint/oracle.test-support.js';
import { pull } from '../../src/weights/pull.js';

for (const folder of process.argv.slice(2)) {
  const pth = (await readdir(folder)).find((name) => name.endsWith('.pth'));
  const backbone = pth ? join(folder, pth) : folder;
  const start = performance.now();
  await pull(backbone, () => {});
  const pulled = ((performance.now() - start) / 1000).toFixed(1);
  const { errors, generated } = await compareWithExpected(backbone, join(folder, 'expected.safetensors'));
  const shown = Object.entries(errors).map(([name, error]) => `${name} ${error.toExponential(1)}`);
  const isSame = JSON.stringify(generated?.ours) === JSON.stringify(generated?.expected);
  console.log(`${folder} (${pulled} s to check or convert)\n  ${shown.join(', ')}`);
  if (generated) console.log(`  generated ids ${isSame ? 'identical' : JSON.stringify(generated)}`);
}
