// npm run parity -- DIR: holds every fixture of a folder against our numbers; exit 1 on any excess or unknown file.

import { createOrtBackend } from '../src/node/ort.js';
import { checkFolder, passes, reportLines } from '../src/parity/parity.js';

const folder = process.argv[2] ?? 'src/model/task/fixtures';
let failed = 0;
for await (const report of checkFolder(folder, createOrtBackend())) {
  for (const line of reportLines(report)) console.log(line);
  if (!passes(report)) failed++;
}
console.log(failed === 0 ? 'parity: all files pass' : `parity: ${failed} file(s) fail`);
process.exitCode = failed === 0 ? 0 : 1;
