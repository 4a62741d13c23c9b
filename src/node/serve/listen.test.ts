// Clients that stall: each is let go, and what worked for it ends.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { type Listening, listen, PATIENCE } from './listen.js';

const CHUNK = new Uint8Array(64 * 1024);
/** What is given by `/endless` while anybody takes it; and whether it has ended. */
let given = 0;
let ended: () => void;
const hasEnded = new Promise<void>((resolve) => {
  ended = resolve;
});

function answer(request: Request): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === '/upload')
    return request.arrayBuffer().then(({ byteLength }) => new Response(`${byteLength} bytes`));
  if (pathname === '/slow') return new Response(slowly());
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        given += CHUNK.length;
        controller.enqueue(CHUNK);
      },
      cancel: () => ended(),
    }),
  );
}

/** A byte and a pause again and again, for longer than the server waits for who stalls. */
function slowly(): ReadableStream<Uint8Array> {
  let left = 8;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, STALL_MS / 4));
      controller.enqueue(new Uint8Array(1));
      if (--left === 0) controller.close();
    },
  });
}

const STALL_MS = 400;
let listening: Listening;
before(async () => {
  const patience = { headersTimeout: 200, requestTimeout: 200, keepAliveTimeout: 200, connectionsCheckingInterval: 50 };
  listening = await listen({
    ...{ fetch: answer, host: '127.0.0.1', port: 0 },
    patience: { ...patience, stallTimeout: STALL_MS },
  });
});
after(() => listening.close(0));

function send(text: string): Socket {
  const socket = connect(Number(new URL(listening.url).port), '127.0.0.1');
  socket.write(text);
  return socket;
}

test('who takes nothing more of an answer is let go, and the answer ends', async () => {
  const socket = send('GET /endless HTTP/1.1\r\nhost: a\r\n\r\n');
  socket.pause();
  await hasEnded;
  assert.ok(given > CHUNK.length, `${given}`);
  socket.on('error', () => undefined).resume(); // what had come already, then the end
  await once(socket, 'close');
});

test('an answer that comes slowly is no stall', async () => {
  const body = await (await fetch(`${listening.url}/slow`)).arrayBuffer();
  assert.equal(body.byteLength, 8);
});

test('a body of which nothing more comes is 408', async () => {
  const socket = send('POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc');
  const [reply] = (await once(socket, 'data')) as [Buffer];
  assert.match(`${reply}`, /^HTTP\/1\.1 408 /);
  await once(socket, 'close');
});

test('a late request is told so before its socket, which is as quiet, is let go', () => {
  const { requestTimeout, connectionsCheckingInterval, stallTimeout } = PATIENCE;
  assert.ok(stallTimeout > requestTimeout + 2 * connectionsCheckingInterval);
});
