#!/usr/bin/env node
// The binary: the process's streams, signals and exit code around src/cli.

import { readFileSync } from 'node:fs';
import { tooOld } from '../node/node-version.js';
import type { Context } from './context.js';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const old = tooOld(manifest.engines.node, process.versions.node);
if (old !== undefined) {
  console.error(`error: ${old}`);
  process.exit(1);
}
// only now, since an older Node may not be able to read these
const { main } = await import('./program.js');
const { terminalOf } = await import('./terminal/index.js');

const context: Context = {
  stdout: terminalOf(process.stdout),
  stderr: terminalOf(process.stderr),
  run: () => import('../verbs/run.js'),
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
process.exitCode = await main(process.argv.slice(2), context, manifest.version);
