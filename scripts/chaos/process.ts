// Our command line as a process that may be killed.

import { spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli', 'cli.ts');

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly said: string;
  /** Milliseconds. */
  readonly took: number;
}

export interface Running {
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once it has said something that matches; also when it ends. */
  says(pattern: RegExp): Promise<void>;
}

/** Starts `uniadapter …`. @param environment  beside this process's own */
export function start(args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment, NO_COLOR: '1' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data;
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said, took: performance.now() - started }));
  });
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    says: (pattern) =>
      new Promise((resolve) => {
        const hear = () => pattern.test(said) && resolve();
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        void ended.then(() => resolve());
        hear();
      }),
  };
}
