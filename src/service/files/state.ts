// What is where in the folder in which a server keeps what outlives it.

import { homedir } from 'node:os';
import { join } from 'node:path';

export interface StateFolder {
  /** Adapters that were uploaded, a folder each. */
  readonly adapters: string;
  /** Trainings, a run folder each. */
  readonly runs: string;
  /** A file of events each. */
  readonly jobs: string;
  /** Vectors of libraries, where no other store is named. */
  readonly vectors: string;
  /** What need not outlive it: uploads, adapters that are looked at before they are taken in. */
  readonly temporary: string;
}

export const stateFolder = (path: string): StateFolder => ({
  adapters: join(path, 'adapters'),
  runs: join(path, 'runs'),
  jobs: join(path, 'jobs'),
  vectors: join(path, 'vectors'),
  temporary: join(path, 'temporary'),
});

/** A folder of ours for what cannot be made again, where the XDG base directories say. */
export const userData = (...parts: readonly string[]): string =>
  join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'uniadapter', ...parts);
