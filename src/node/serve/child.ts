// Our own command line as a process beside this one. Its events come through its output; should this process die, its
// next event meets a closed pipe, and it ends too.

import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fail } from '../../error/index.js';

/** Enough for an error; progress comes before it. */
const KEPT_TEXT = 8192;
/** A step of a large training takes as long as this, and its checkpoint. */
const KILL_MS = 120_000;

const CLI = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../cli/cli.ts' : '../../cli/cli.js', import.meta.url),
);

/**
 * Runs a command line with `--json` until it ends, its lines as they come. An abort is a Ctrl-C.
 *
 * @throws runtime  with what it said when it fails
 */
export async function* runCommand(args: readonly string[], signal: AbortSignal): AsyncGenerator<unknown> {
  const { UNIADAPTER_TOKEN: _, ...environment } = process.env; // none of its business
  const child = spawn(process.execPath, [...process.execArgv, CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a Ctrl-C in the terminal is ours alone: the child would take a second one for an order to quit
    env: { ...environment, NO_COLOR: '1' },
  });
  const said = keepText(child);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  ended.catch(() => null); // whoever waits below is told
  const interrupt = () => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), KILL_MS).unref();
  };
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  if (child.pid !== undefined) givePlace(child.pid);
  try {
    for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }))
      if (line.startsWith('{')) yield JSON.parse(line);
    const code = await ended;
    const isWanted = code === 0 || code === INTERRUPTED || signal.aborted; // also before it could listen to signals
    if (!isWanted) fail('runtime', { where: args[0] ?? '', what: errorIn(said(), code) });
  } finally {
    signal.removeEventListener('abort', interrupt);
    if (child.exitCode === null) child.kill('SIGINT');
  }
}

const INTERRUPTED = 130;

/** Searches come before training. */
function givePlace(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // it is gone already, or the system does not allow it
  }
}

/** @returns the end of what a process said */
function keepText(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (data: Buffer) => {
    text = (text + data).slice(-KEPT_TEXT);
  });
  return () => text;
}

function errorIn(text: string, code: number | null): string {
  const at = text.lastIndexOf('error: ');
  if (at >= 0) return text.slice(at + 'error: '.length).trim();
  return `ended with ${code ?? 'a signal'}: ${text.trim().split('\n').at(-1) ?? ''}`;
}
