// npm test [-- filter …]: every *.test.ts under src, scripts, bench, studio and test on node's own runner, two files at a time.
// A filter is a part of a path, e.g. `npm test -- autodiff src/nn/linear`.

import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { run } from 'node:test';
import { closingLine, type FileResult, failureText, fileLine, resultOf } from './reporter.js';

const FOLDERS = ['src', 'scripts', 'bench', 'studio', 'test'];
const FILES_AT_ONCE = 2;
/** A file that takes longer hangs. */
const FILE_TIMEOUT_MS = 10 * 60_000;

const results = await runAll(testFiles(process.argv.slice(2)));
for (const text of results.map(failureText).filter(Boolean)) console.log(`\n${text}`);
const passed = results.reduce((sum, result) => sum + result.passed, 0);
if (passed === 0) console.log('\nno test passed: is there a *.test.ts file whose path contains a filter?');
console.log(`\n${closingLine(results)}`);
// set, not called: output to a pipe must be drained first
process.exitCode = passed === 0 || results.some((result) => result.failures.length > 0) ? 1 : 0;

/** Paths relative to the working folder, sorted; all of them when there is no filter. */
function testFiles(filters: readonly string[]): string[] {
  const files = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path).replaceAll(sep, '/')),
  );
  const matches = (file: string) => filters.length === 0 || filters.some((filter) => file.includes(filter));
  return files.filter((file) => file.endsWith('.test.ts') && matches(file)).sort();
}

/** Runs the files, printing a line as each one ends. */
async function runAll(files: readonly string[]): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await runFile(file);
      results.push(result);
      console.log(fileLine(result));
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return results.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** One run per file, since a run of many holds back the events of a fast file until the slow ones before it end. */
function runFile(file: string): Promise<FileResult> {
  const path = resolve(file);
  const events = run({ files: [path], timeout: FILE_TIMEOUT_MS });
  return resultOf(relative('.', path), events, (name) => resolve(name) === path, performance.now.bind(performance));
}
