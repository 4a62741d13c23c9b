// A process that has one workload and runs it when it is asked to: both ends.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fail } from '../src/error/index.js';
import { secondsOf } from './timing.js';

export interface Answer {
  readonly seconds: number;
  /** The most memory that the process has had since its start. */
  readonly peakBytes: number;
}

export interface Peer {
  run(): Promise<Answer>;
  close(): void;
}

/** Starts a process and waits until its workload is open. @throws runtime  when the process ends before it answers */
export async function openPeer(name: string, command: string, given: readonly string[]): Promise<Peer> {
  const child = spawn(command, given, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('error', () => {}); // the lines end then, too
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) fail('runtime', { where: name, what: 'the process ended before it answered', got: command });
    return JSON.parse(value);
  };
  await next();
  return {
    async run() {
      child.stdin.write('run\n');
      return (await next()) as Answer;
    },
    close: () => child.stdin.end(),
  };
}

/** The other end: says that it is ready; then, for each line of input, runs once and answers. */
export async function answerRuns(run: () => Promise<unknown>): Promise<void> {
  console.log(JSON.stringify({ ready: true }));
  for await (const _ of createInterface({ input: process.stdin })) {
    const seconds = await secondsOf(run);
    const answer: Answer = { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
    console.log(JSON.stringify(answer));
  }
}
