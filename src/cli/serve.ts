// uniadapter serve: the studio and the API on this computer.

import { spawn } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';
import type { Started } from '../node/serve/start.js';
import { type Context, print, say } from './context.js';
import { interruptible } from './interrupt.js';

interface Flags {
  readonly adapters?: readonly string[];
  readonly data?: readonly string[];
  readonly store?: string;
  readonly state?: string;
  readonly backbone: string;
  readonly host: string;
  readonly port?: number;
  readonly token?: string;
  readonly open?: true;
}

const EXAMPLES = `
Examples:
  The sample library, three sample adapters, and something to train on:
    $ uniadapter serve --open
  Folders of your own to search; those with captions or questions can be trained on as well:
    $ uniadapter serve photos clips
  With adapters of yours (an adapter, a run, or a folder of those) and data to train on:
    $ uniadapter serve photos --adapters runs --data clips
  Vectors on an object store, or in PostgreSQL with pgvector:
    $ uniadapter serve photos --store s3://bucket/vectors
    $ uniadapter serve photos --store postgres://me@host/vectors
  For others too; they need the token:
    $ UNIADAPTER_TOKEN=$(openssl rand -hex 24) uniadapter serve photos --host 0.0.0.0 --port 8080
`;

const STOPPING = 'Ending: requests are answered, a running job saves its state. Ctrl-C again ends at once.';

export const serve = (context: Context): Command =>
  new Command('serve')
    .summary('serve the studio and the API on this computer')
    .description(
      'Serve a studio in the browser and an HTTP API: search folders of images and clips, ask about them, train ' +
        'adapters and use them, all over one backbone. Without arguments it serves samples. Nothing leaves this computer.',
    )
    .argument('[folder...]', 'images and clips to search, in subfolders too (default: a sample library)')
    .option('--adapters <folder...>', 'adapters, runs, or folders of those')
    .option('--data <folder...>', 'datasets to train on')
    .option(
      '--store <address>',
      'where vectors are: a folder, s3://…, gs://…, az://… or postgres://… (default: in --state)',
    )
    .option(
      '--state <folder>',
      'what outlives the server: uploaded and trained adapters, jobs, vectors (default: in your data folder)',
    )
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder', 'tiny')
    .option('--host <host>', 'address to listen on; any but a loopback one needs a token', '127.0.0.1')
    .option('--port <number>', 'port to listen on (default: 3000, or the next that is free)', portNumber)
    .option(
      '--token <text>',
      'what requests must bring along; better in UNIADAPTER_TOKEN, where processes do not show it',
    )
    .option('--open', 'open the studio in your browser')
    .addHelpText('after', EXAMPLES)
    .action(async (folders: string[], flags: Flags) => {
      const { signal, stop } = interruptible(context, STOPPING);
      try {
        const started = await start(context, folders, flags);
        print(context, startedText(started));
        if (flags.open) openBrowser(started.url);
        await aborted(signal);
        await started.close();
        say(context, 'Ended.');
      } finally {
        stop();
      }
    });

/** Loaded when it is needed, so that --help does not wait for it. */
async function start(context: Context, libraries: readonly string[], flags: Flags): Promise<Started> {
  const [{ startServer }, { logOn }, { userData }] = await Promise.all([
    import('../node/serve/start.js'),
    import('../node/serve/log.js'),
    import('../service/files/state.js'),
  ]);
  const { adapters = [], data = [], store = null, state = userData('server'), backbone, host, port = null } = flags;
  const token = flags.token ?? (process.env.UNIADAPTER_TOKEN || null);
  const log = logOn(context.stderr);
  return startServer({ libraries, adapters, data, store, state, backbone, host, port, token, log });
}

function startedText({ url, libraries, datasets, adapters }: Started): string {
  const names = (places: readonly { readonly name: string }[]) =>
    places.map(({ name }) => name).join(', ') || 'nothing';
  return [
    `Studio     ${url}`,
    `API        ${url}/docs`,
    `Searches   ${names(libraries)}`,
    `Adapters   ${adapters.join(', ') || 'none'}`,
    `Trains on  ${names(datasets)}`,
  ].join('\n');
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('Expected a port: a whole number from 1 to 65535, or 0 for any that is free.');
  return port;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** By whatever the system opens addresses with; where there is nothing, people have the address. */
function openBrowser(url: string): void {
  const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? [
    'xdg-open',
  ];
  const child = spawn(command as string, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
