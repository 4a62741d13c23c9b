// A hub on this machine with one repository, which it sends slowly: there is time to be killed in.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const COMMIT = 'c'.repeat(40);
const CHUNK_BYTES = 20_000;
const CHUNK_MS = 30;

/** @param folder  the files of the repository `me/blip` */
export async function startHub(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(
    (request, response) => void answer(folder, request, response).catch(() => response.destroy()),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close().closeAllConnections(),
  };
}

async function answer(
  folder: string,
  { url, method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const names = await readdir(folder);
  if (url === '/api/models/me/blip/revision/main') {
    response.end(JSON.stringify({ sha: COMMIT, siblings: names.map((rfilename) => ({ rfilename })) }));
    return;
  }
  const name = names.find((name) => url === `/me/blip/resolve/${COMMIT}/${name}`);
  if (name === undefined) {
    response.writeHead(404).end();
    return;
  }
  const content = await readFile(join(folder, name));
  const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': content.length - start,
    'x-linked-etag': `"${createHash('sha256').update(content).digest('hex')}"`,
  });
  if (method !== 'HEAD')
    for (let at = start; at < content.length && !response.destroyed; at += CHUNK_BYTES) {
      response.write(content.subarray(at, at + CHUNK_BYTES));
      await setTimeout(CHUNK_MS);
    }
  response.end();
}
