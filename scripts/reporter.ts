// Turns the events of node:test into what a person wants to read: a line per file, failures in full, one closing line.
// Counts tests, not the files and suites that node:test reports beside them; knows nothing of processes or the disk.

/** The part that is read here of what node:test says about a test, a suite or a file. */
export interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details?: { readonly type?: string | undefined; readonly error?: Error | undefined };
}

export interface Failure {
  /** The names of the suites around the test and its own. */
  readonly path: readonly string[];
  readonly error: Error | undefined;
}

/** What one test file did. */
export interface FileResult {
  /** As it is to be printed. */
  readonly file: string;
  readonly seconds: number;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
  /** Everything the file printed, shown only when it failed. */
  readonly output: string;
}

/**
 * Reads the events of one file's run.
 *
 * @param file     as it is to be printed
 * @param isFile   tells the event about the file itself from those about its tests
 * @param nowMs    a clock, milliseconds
 */
export async function resultOf(
  file: string,
  events: AsyncIterable<{ readonly type: string; readonly data: unknown }>,
  isFile: (name: string) => boolean,
  nowMs: () => number,
): Promise<FileResult> {
  const start = nowMs();
  const count = { passed: 0, skipped: 0 };
  const failures: Failure[] = [];
  const path: string[] = [];
  let output = '';
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') output += (data as { message: string }).message;
    if (!['test:start', 'test:pass', 'test:fail'].includes(type)) continue;
    const event = data as TestEvent;
    path.splice(event.nesting, path.length, event.name);
    const error = event.details?.error;
    if (isFile(event.name)) {
      // a file that dies without a failing test of its own: an import that throws, a crash, a timeout
      if (type === 'test:fail' && failures.length === 0) failures.push({ path: ['the file itself'], error });
    } else if (type === 'test:start' || isSumOfChildren(event)) continue;
    else if (event.skip || event.todo) count.skipped++;
    else if (type === 'test:pass') count.passed++;
    else failures.push({ path: [...path], error });
  }
  return { file, seconds: (nowMs() - start) / 1000, ...count, failures, output };
}

/** Suites, and tests that failed only because a test inside them did, are told by their children. */
function isSumOfChildren({ details }: TestEvent): boolean {
  const failureType = (details?.error as { failureType?: string } | undefined)?.failureType;
  return details?.type === 'suite' ? failureType !== 'hookFailed' : failureType === 'subtestsFailed';
}

/** `✓ src/random/random.test.ts    0.3 s  7 tests` */
export function fileLine({ file, seconds, passed, skipped, failures }: FileResult): string {
  const tests = passed + skipped + failures.length;
  const counts = [
    `${tests} ${tests === 1 ? 'test' : 'tests'}`,
    failures.length > 0 && `${failures.length} failed`,
    skipped > 0 && `${skipped} skipped`,
  ];
  const mark = failures.length > 0 ? '✗' : '✓';
  return `${mark} ${file.padEnd(44)} ${seconds.toFixed(1).padStart(5)} s  ${counts.filter(Boolean).join(', ')}`;
}

/** The failures of one file in full, and what it printed; empty when nothing failed. */
export function failureText({ file, failures, output }: FileResult): string {
  if (failures.length === 0) return '';
  const tests = failures.map(({ path, error }) => `✗ ${file} › ${path.join(' › ')}\n${indent(errorText(error))}\n`);
  const printed = output.trim() === '' ? '' : `  ${file} printed:\n${indent(output.trim())}\n`;
  return [...tests, printed].filter(Boolean).join('\n');
}

/** The last line of every run, `N passed, N failed`, and how many were skipped before it when there are some. */
export function closingLine(results: readonly FileResult[]): string {
  const sum = (of: (result: FileResult) => number) => results.reduce((total, result) => total + of(result), 0);
  const skipped = sum((result) => result.skipped);
  const line = `${sum((result) => result.passed)} passed, ${sum((result) => result.failures.length)} failed`;
  return skipped > 0 ? `${skipped} skipped\n${line}` : line;
}

/** node:test wraps what a test threw in an error of its own; the reader wants the thing itself, with its causes. */
function errorText(wrapper: Error | undefined): string {
  const exitCode = (wrapper as { exitCode?: number } | undefined)?.exitCode;
  if (exitCode !== undefined && exitCode !== null) return `the process ended with code ${exitCode}`;
  return thrownText(wrapper?.cause ?? wrapper);
}

function thrownText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const stack = thrown.stack ?? '';
  const whole = stack.includes(thrown.message) ? stack : `${thrown.message}\n${stack}`;
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${thrownText(thrown.cause)}`;
  return withoutRunner(whole) + cause;
}

/** Drops the stack lines of the runner and the loader, which never help. */
function withoutRunner(stack: string): string {
  const isRunner = (line: string) => /^\s+at .*(node:internal|node:async_hooks|node_modules[\\/]tsx[\\/])/.test(line);
  return stack
    .split('\n')
    .filter((line) => !isRunner(line))
    .join('\n');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
