// What a command is given: two terminals, the runs, and Ctrl-C. Tests give their own.

import type { Run } from '../verbs/types.js';
import { type Style, styleOf, type Terminal } from './terminal/index.js';

export interface Context {
  /** Results, and nothing else: what --json writes here can be piped on. */
  readonly stdout: Terminal;
  /** Messages and progress. */
  readonly stderr: Terminal;
  /** Loaded when it is needed, so that --help does not wait for the runtime. */
  readonly run: () => Promise<Run>;
  /** Calls back on every Ctrl-C, which then no longer ends the process. @returns how to stop listening */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Ends the process at once. */
  readonly quit: (exitCode: number) => void;
}

export const EXIT = { ok: 0, problem: 1, usage: 2, interrupted: 130 } as const;

/** A line for people. */
export const say = ({ stderr }: Context, line: string): void => stderr.write(`${line}\n`);

/** A result as text. */
export const print = ({ stdout }: Context, text: string): void => stdout.write(`${text}\n`);

/** A result as one line of JSON. */
export const printJson = ({ stdout }: Context, value: unknown): void => stdout.write(`${JSON.stringify(value)}\n`);

export const stylesOf = ({ stdout, stderr }: Context): { readonly out: Style; readonly err: Style } => ({
  out: styleOf(stdout),
  err: styleOf(stderr),
});
