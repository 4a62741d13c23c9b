// From several run folders to one page that compares them.

import { fail } from '../../error/index.js';
import { writeAtomically } from '../../files/files.js';
import { readRecord } from '../run/record.js';
import type { ReportOptions } from '../run/run-report.js';
import type { ComparedRun, Group } from './data.js';
import { differencesOf } from './differences.js';
import { grouped } from './groups.js';
import { measured } from './measure.js';
import { nameRuns } from './names.js';
import { comparisonHtml } from './page.js';

const FILE = 'comparison.html';

/**
 * Writes a comparison of runs. Those that are not finished, have no test split or lost their data show what they have.
 *
 * @param folders  run folders
 * @param options  `out`: the HTML file; default: comparison.html in the working folder
 * @returns the path of the HTML file
 * @throws `file` if one of the folders holds no run, or the page cannot be written
 */
export async function compareRuns(folders: readonly string[], options: ReportOptions): Promise<string> {
  if (folders.length === 0)
    fail('missing', { where: 'comparison', what: 'no run to compare', expected: 'run folders' });
  const runs = nameRuns(await Promise.all(folders.map(readRecord)));
  const groups: Group[] = [];
  for (const group of await grouped(runs)) groups.push(await measured(group, runs[0] as ComparedRun, options));
  const out = options.out ?? FILE;
  await writeAtomically(out, comparisonHtml({ runs, groups, ...differencesOf(runs) }));
  return out;
}
