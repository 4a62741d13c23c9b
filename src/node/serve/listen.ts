// Sockets around a handler of requests: an address, patience with slow clients, and an end that drops nobody.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { fail } from '../../error/index.js';

export interface ListenOptions {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly host: string;
  /** Null takes 3000, or the next one that is free. */
  readonly port: number | null;
  /** A parameter so that tests need not have it. */
  readonly patience?: Patience;
}

/** With clients, in milliseconds. */
export interface Patience {
  readonly headersTimeout: number;
  /** For all that a request is: who sends a byte a second holds a connection no longer. */
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  /** For an answer of which nothing more is taken. Longer than any answer takes to begin, and than a late request takes to be told 408. */
  readonly stallTimeout: number;
  /** Between two looks at requests that are late. */
  readonly connectionsCheckingInterval: number;
}

export interface Listening {
  /** As a browser takes it. */
  readonly url: string;
  /** Takes no new connections, lets requests that run end, and cuts off those that take too long. */
  close(graceMs: number): Promise<void>;
}

const FIRST_PORT = 3000;
const TRIES = 20;

export const PATIENCE: Patience = {
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 5_000,
  stallTimeout: 130_000,
  connectionsCheckingInterval: 2_000,
};
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 512;

/** @throws file  when the port is taken or may not be used */
export async function listen({ fetch, host, port, patience = PATIENCE }: ListenOptions): Promise<Listening> {
  const ports = port === null ? Array.from({ length: TRIES }, (_, i) => FIRST_PORT + i) : [port];
  for (const candidate of ports) {
    const server = createServer(fetch, patience);
    const problem = await begin(server, host, candidate);
    if (problem === null) return listening(server, host);
    if (problem.code !== 'EADDRINUSE' || candidate === ports.at(-1)) refuse(problem, host, ports);
  }
  return fail('internal', { where: host, what: 'there was no port to try' });
}

function createServer(fetch: ListenOptions['fetch'], { stallTimeout, ...patience }: Patience): Server {
  const server = createAdaptorServer({
    fetch,
    overrideGlobalObjects: false,
    serverOptions: { ...patience, maxHeaderSize: MAX_HEADER_BYTES },
  }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = stallTimeout; // of a socket on which nothing moves, in either direction
  return server;
}

/** @returns why it could not */
function begin(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}

function listening(server: Server, host: string): Listening {
  const { port } = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return {
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function refuse(problem: NodeJS.ErrnoException, host: string, ports: readonly number[]): never {
  const first = ports[0] as number;
  const where = `${host}:${first}`;
  if (problem.code === 'EADDRINUSE')
    fail('file', { where, what: 'is taken', fix: ports.length > 1 ? 'free a port' : 'choose another --port, or none' });
  fail('file', { where, what: 'cannot be listened on', got: problem.code ?? problem.message, cause: problem });
}

/** Whether only this computer can reach a host. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Refuses to serve strangers without a key. @throws recipe */
export function refuseOpen(host: string, token: string | null): void {
  if (token !== null && token.length < MIN_TOKEN)
    fail('recipe', {
      where: '--token',
      what: 'is too short',
      got: `${token.length} characters`,
      expected: `${MIN_TOKEN} or more`,
      fix: 'openssl rand -hex 24 makes a good one',
    });
  if (token !== null || isLoopback(host)) return;
  fail('recipe', {
    where: `--host ${host}`,
    what: 'others can reach this address, and nothing would keep them from your libraries and adapters',
    expected: '--token, or UNIADAPTER_TOKEN in the environment',
    fix: 'set UNIADAPTER_TOKEN to what openssl rand -hex 24 prints, or leave --host out to serve this computer alone',
  });
}

const MIN_TOKEN = 16;
