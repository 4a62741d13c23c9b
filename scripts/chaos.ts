// npm run chaos [-- --seed 1 --kills 10 --processes 4 --disks 6 --only train,index]: kills our commands at random moments, fills
// their disks, starts many at once, and looks at what they leave. docs/reliability.md says what is promised.

import { parseArgs } from 'node:util';
import { chaos } from './chaos/chaos.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '10' },
    processes: { type: 'string', default: '4' },
    disks: { type: 'string', default: '6' },
    only: { type: 'string' },
  },
});
const { faults, line } = await chaos({
  seed: Number(values.seed),
  kills: Number(values.kills),
  processes: Number(values.processes),
  disks: Number(values.disks),
  ...(values.only && { only: values.only.split(',') }),
  tell: console.error,
});
console.log(line);
process.exitCode = faults.length > 0 ? 1 : 0;
