// npm run fuzz [-- --inputs 2000 --seed 1 --readers pickle,torch --from 0]

import { parseArgs } from 'node:util';
import { figuresText, fuzz } from './fuzz.js';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    readers: { type: 'string' },
    from: { type: 'string', default: '0' },
  },
});
const KEEP = 'fuzz-failures';
const figures = await fuzz({
  ...{ inputs: Number(values.inputs), seed: Number(values.seed), from: Number(values.from), keep: KEEP },
  ...(values.readers && { readers: values.readers.split(',') }),
});
for (const { reader, index, what } of figures.failures)
  console.log(`${reader} ${index}: ${what.split('\n').slice(0, 4).join('\n  ')}\n  kept in ${KEEP}`);
console.log(figuresText(figures));
process.exitCode = figures.failures.length > 0 ? 1 : 0;
