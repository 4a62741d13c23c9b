// A server to make believe with, for development and tests: the routes of the API over data that tests can change.
// Run by itself (`npx tsx studio/e2e/fake/fake.ts`) it is what `npm run studio` talks to.

import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { problemResponse } from './problem.js';
import { routes } from './routes.js';
import { type FakeState, fakeState } from './state.js';

export interface Fake {
  readonly url: string;
  /** May be changed while the server runs. */
  readonly state: FakeState;
  /**
   * Lets something wait, see {@link FakeState.holds}.
   *
   * @returns lets it go on
   */
  hold(what: string): () => void;
  close(): Promise<void>;
}

export interface FakeOptions {
  /** Folder of the built studio; without it there is only the API. */
  readonly studio?: string;
  /** Default: any free one. */
  readonly port?: number;
}

/** Starts it on 127.0.0.1. */
export async function startFake({ studio, port = 0 }: FakeOptions = {}): Promise<Fake> {
  const state = fakeState();
  const app = new Hono();
  app.use('/v1/*', async (context, next) => {
    const request = `${context.req.method} ${context.req.path}`;
    await state.holds.get(request);
    const problem = state.problems.get(request);
    return problem ? problemResponse(context, problem) : next();
  });
  routes(app, state);
  app.all('/v1/*', (context) =>
    problemResponse(context, { status: 404, code: 'missing', what: 'there is no such route' }),
  );
  if (studio) app.get('*', (context) => file(context, studio));
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address: AddressInfo) =>
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        state,
        hold(what) {
          let letGo = () => {};
          state.holds.set(what, new Promise((resolve) => (letGo = resolve)));
          return () => {
            state.holds.delete(what);
            letGo();
          };
        },
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      }),
    );
  });
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** As strict as the real server is about scripts. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:";

/** A file of the studio; every other address is its one page. */
async function file(context: Context, studio: string): Promise<Response> {
  const path = TYPES[extname(context.req.path)] ? context.req.path : '/index.html';
  const bytes = await readFile(join(studio, path)).catch(() => null);
  if (!bytes) return context.notFound();
  return context.body(new Uint8Array(bytes), 200, {
    'content-type': TYPES[extname(path)] ?? '',
    'content-security-policy': POLICY,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startFake({ port: 3000 });
  console.log(`make-believe API on ${url}; now npm run studio`);
}
