// A report of one run, or a comparison of several.

import { compareRuns } from './comparison/index.js';
import { type ReportOptions, reportRun } from './run/run-report.js';

/** @returns the path of the HTML file @throws as {@link reportRun} and {@link compareRuns} */
export function writeReport(folders: readonly string[], options: ReportOptions): Promise<string> {
  const [first, ...others] = folders;
  return first !== undefined && others.length === 0 ? reportRun(first, options) : compareRuns(folders, options);
}
