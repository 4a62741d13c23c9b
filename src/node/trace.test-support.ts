// Programs under strace: which files they make or open to write, and whom they speak to.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Why nothing can be traced here; false where it can be. */
export const noTracer = spawnSync('strace', ['-V']).status === 0 ? false : 'needs strace';

export interface Traced {
  readonly child: ChildProcess;
  /** What it said so far. */
  said(): string;
  /** Waits until it has ended. @returns what it did, a line of strace each */
  calls(): Promise<readonly string[]>;
}

const CALLS = 'socket,connect,sendto,sendmsg,sendmmsg,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2';

/**
 * Starts Node under strace with nothing of this environment but PATH, since what sees that it runs in CI may be quieter there.
 *
 * @param args  of Node
 * @param home  its home, and where its temporary files and the trace go
 */
export function trace(args: readonly string[], home: string): Traced {
  const log = join(home, 'trace');
  const options = ['-f', '-D', '--seccomp-bpf', '-q', '-s', '4096', '-e', `trace=${CALLS}`, '-e', 'signal=none'];
  const child = spawn('strace', [...options, '-o', log, process.execPath, '--import', 'tsx', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: home },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data;
    });
  const closed = once(child, 'close');
  return {
    child,
    said: () => said,
    async calls() {
      await closed;
      for (;;) {
        const lines = (await readFile(log, 'utf8')).split('\n'); // strace is a process beside it, and may be behind
        if (lines.some((line) => new RegExp(`^${child.pid} +\\+\\+\\+ `).test(line))) return lines;
        await setTimeout(50);
      }
    },
  };
}

/** Whatever goes beyond this process by the network, and whoever else may look a name up for it. */
const SENT = /(connect|sendto|sendmsg|sendmmsg)\(.*(AF_INET|nscd|systemd\/resolve)|socket\(AF_INET6?, SOCK_DGRAM/;
const WRITTEN = /(?:open|openat|creat)\(.*?"(.*?)".*O_(?:CREAT|WRONLY|RDWR)|(?:mkdir|rename)\w*\(.*"(.*?)"/;

/** Fails where something was sent, or written elsewhere than in `own` places. */
export function assertQuiet(calls: readonly string[], own: readonly string[]): void {
  assert.deepEqual(
    calls.filter((call) => SENT.test(call)),
    [],
  );
  const isOwn = (path: string) => ['/dev/', '/proc/', ...own].some((place) => path.startsWith(place));
  const written = calls.map((call) => WRITTEN.exec(call)).flatMap((found) => found?.[1] ?? found?.[2] ?? []);
  assert.ok(written.length > 0, 'the trace shows nothing');
  assert.deepEqual(
    written.filter((path) => !isOwn(path)),
    [],
  );
}
