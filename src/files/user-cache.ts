// Where things are kept that can be made or fetched again.

import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of ours, where the XDG base directories say. */
export const userCache = (...parts: readonly string[]): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'uniadapter', ...parts);
