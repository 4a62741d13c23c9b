// The real command as a process, for tests and for the benchmark of loads.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it said so far. */
  said(): string;
  /** Sends a signal and waits for the end. @returns the exit code, null where a signal ended it */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const CLI = fileURLToPath(new URL('../../cli/cli.ts', import.meta.url));

/** Starts `uniadapter serve …` and waits until it listens. @param args  after `serve` @throws with what it said when it ends before */
export async function startProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CLI, 'serve', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (data: Buffer) => {
      said += data;
      const found = /^Studio +(\S+)$/m.exec(said)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    ended.then((code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return {
    url,
    child,
    said: () => said,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
