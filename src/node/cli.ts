#!/usr/bin/env node
// The binary: the process's streams, signals and exit code around src/node/commands.

import { readFileSync } from 'node:fs';
import type { Context } from './commands/context.js';
import { main } from './commands/program.js';
import { terminalOf } from './terminal/index.js';

const context: Context = {
  stdout: terminalOf(process.stdout),
  stderr: terminalOf(process.stderr),
  run: () => import('./run/run.js'),
  onInterrupt(listener) {
    process.on('SIGINT', listener);
    process.on('SIGTERM', listener); // what a batch system sends before it kills
    return () => {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    };
  },
  quit: (exitCode) => process.exit(exitCode),
};

// `uniadapter … | head` closes the pipe: no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
process.exitCode = await main(process.argv.slice(2), context, version);
