// Everything that a server meets at once: users who search and ask, and those who do not mean well.

import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { brokenFiles } from './broken.test-support.js';

export interface LoadOptions {
  readonly url: string;
  /** Of the server's process. */
  readonly pid: number | undefined;
  readonly seconds: number;
  /** Who search and ask all the time. */
  readonly users: number;
  readonly library: string;
  /** Adapters that search, and those that answer; `none` is the backbone. */
  readonly searching: readonly string[];
  readonly asking: readonly string[];
}

export interface LoadReport {
  /** By what was sent and what came back: `search 200`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Milliseconds of good requests that were answered, ascending. */
  readonly searches: readonly number[];
  readonly questions: readonly number[];
  /** Of the process, in bytes: before, at its largest in either half of the time, and after. */
  readonly memory: Readonly<Record<'before' | 'firstHalf' | 'secondHalf' | 'after', number>>;
  /** States of all jobs that were accepted. */
  readonly jobs: readonly string[];
}

/** Puts load on a server, then waits for its jobs. */
export async function putLoad(options: LoadOptions): Promise<LoadReport> {
  const { url, seconds } = options;
  const counts: Record<string, number> = {};
  const count = (what: string, came: number | string) => {
    counts[`${what} ${came}`] = (counts[`${what} ${came}`] ?? 0) + 1;
  };
  const searches: number[] = [];
  const questions: number[] = [];
  const files = await brokenFiles();
  const before = await memoryOf(options);
  const most = { firstHalf: before, secondHalf: before };
  const accepted = await startJobs(options, count);
  const until = performance.now() + seconds * 1000;
  const again = async (work: () => Promise<void>, pauseMs: number) => {
    while (performance.now() < until) {
      await work();
      await wait(pauseMs);
    }
  };
  const users = Array.from({ length: options.users }, (_, user) =>
    again(() => (user % 3 === 2 ? ask(options, count, questions) : search(options, count, searches)), 0),
  );
  const others = [
    again(() => sendNonsense(url, count), 20),
    again(() => sendFiles(url, files, count), 20),
    again(() => goAway(options, count), 30),
    again(() => climb(url, count), 30),
    sendSlowly(url, seconds, count),
    sendEndlessly(url, count),
    again(async () => {
      const half = until - performance.now() > seconds * 500 ? 'firstHalf' : 'secondHalf';
      most[half] = Math.max(most[half], await memoryOf(options));
    }, 250),
  ];
  await Promise.all([...users, ...others]);
  const jobs = await Promise.all(accepted.map((id) => stateOf(url, id)));
  const after = await memoryOf(options);
  for (const times of [searches, questions]) times.sort((a, b) => a - b);
  return { counts, searches, questions, memory: { before, ...most, after }, jobs };
}

type Count = (what: string, came: number | string) => void;

const TEXTS = [
  'a red car',
  'two dogs',
  'something at the top left',
  'a large green tree',
  'four squid',
  'a clock moves left',
];
const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

const post = (url: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });

/** Reads the answer to its end, so that its connection is free again. */
async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.arrayBuffer();
  return response.status;
}

async function timed(what: string, answer: Promise<Response>, count: Count, times: number[]): Promise<void> {
  const started = performance.now();
  const status = await statusOf(answer).catch((error: Error) => error.name);
  if (status === 200) times.push(performance.now() - started);
  count(what, status);
}

function search({ url, library, searching }: LoadOptions, count: Count, times: number[]): Promise<void> {
  const body = { library, adapter: pick(searching), query: { text: pick(TEXTS) }, limit: 10, rerank: pick([0, 8, 16]) };
  return timed('search', post(url, '/v1/search', body), count, times);
}

async function ask({ url, library, asking }: LoadOptions, count: Count, times: number[]): Promise<void> {
  const media = { library, item: await anyItem(url, library) };
  const body = { adapter: pick(asking), media, questions: ['what color is it', 'how many are there'] };
  return timed('ask', post(url, '/v1/ask', body), count, times);
}

async function anyItem(url: string, library: string): Promise<string> {
  const answer = await fetch(`${url}/v1/libraries/${library}/items?limit=16`);
  const { items } = (await answer.json()) as { items: { id: string }[] };
  return pick(items).id;
}

/** One job for each adapter that searches. @returns ids of those that were accepted */
async function startJobs({ url, library, searching }: LoadOptions, count: Count): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const adapter of searching) {
    const answer = await post(url, '/v1/jobs/index', { library, adapter });
    const job = (await answer.json()) as { id?: string };
    count('job', answer.status);
    if (job.id) ids.push(job.id);
  }
  return ids;
}

async function stateOf(url: string, id: string): Promise<string> {
  for (;;) {
    const { state } = (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as { state: string };
    if (state !== 'waiting' && state !== 'running') return state;
    await wait(200);
  }
}

/** Bodies and addresses that mean nothing. */
async function sendNonsense(url: string, count: Count): Promise<void> {
  const sent: readonly (readonly [string, () => Promise<Response>])[] = [
    ['broken json', () => post(url, '/v1/search', '{"library": "scen')],
    ['wrong json', () => post(url, '/v1/search', { library: 7, query: [], limt: 1e9 })],
    ['deep json', () => post(url, '/v1/search', `${'['.repeat(200_000)}${']'.repeat(200_000)}`)],
    ['huge json', () => post(url, '/v1/search', `{"library": "${'x'.repeat(8_000_000)}"}`)],
    ['no json', () => fetch(`${url}/v1/ask`, { method: 'POST', body: 'hello' })],
    ['many texts', () => post(url, '/v1/embed', { texts: Array.from({ length: 5000 }, () => 'a') })],
    ['unknown route', () => fetch(`${url}/v1/nothing/here`)],
    ['wrong method', () => fetch(`${url}/v1/search`, { method: 'DELETE' })],
    ['unknown adapter', () => post(url, '/v1/ask', { adapter: 'x', media: { upload: 'x' }, questions: ['why'] })],
    ['broken adapter', () => fetch(`${url}/v1/adapters/evil`, { method: 'PUT', body: brokenForm() })],
    ['wrong recipe', () => post(url, '/v1/jobs/train', { name: 'evil', recipe: { data: { path: '/etc' } } })],
  ];
  for (const [what, send] of sent) count(what, await statusOf(send()).catch((error: Error) => error.name));
}

function brokenForm(): FormData {
  const form = new FormData();
  form.set('adapter.json', new Blob(['{"format": 1}']));
  form.set('adapter.safetensors', new Blob([new Uint8Array(64).fill(255)]));
  return form;
}

async function sendFiles(url: string, files: Readonly<Record<string, Uint8Array>>, count: Count): Promise<void> {
  for (const [what, bytes] of Object.entries(files)) {
    const answer = fetch(`${url}/v1/uploads`, { method: 'POST', body: Uint8Array.from(bytes) });
    count(what, await statusOf(answer).catch((error: Error) => error.name));
  }
}

/** Clients that ask and do not wait. */
async function goAway({ url, library, searching }: LoadOptions, count: Count): Promise<void> {
  const controller = new AbortController();
  const answer = post(
    url,
    '/v1/search',
    { library, adapter: pick(searching), query: { text: pick(TEXTS) } },
    controller.signal,
  );
  setTimeout(() => controller.abort(), Math.random() * 40);
  count('gone', await statusOf(answer).catch((error: Error) => error.name));
}

const CLIMBS = [
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/docs/..%2f..%2fpackage.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/v1/libraries/..%2f..%2f/items',
  '/v1/libraries/%2e%2e/items/..%2f..%2fetc%2fpasswd/media',
  '/v1/uploads/..%2f..%2fjobs/media',
  '/v1/adapters/..%2f..%2f/files/adapter.json',
  '/v1/adapters/none/files/..%2f..%2f..%2fetc%2fpasswd',
  '/v1/jobs/..%2f..%2flock',
  '/%00',
  '/%ff%fe',
];

/** Addresses as they are, which `fetch` would tidy. */
async function climb(url: string, count: Count): Promise<void> {
  for (const path of CLIMBS)
    count(
      'climb',
      await new Promise<number | string>((resolve) => {
        const { hostname, port } = new URL(url);
        const asked = request({ hostname, port, path }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
        });
        asked.on('error', (error) => resolve(error.name));
        asked.end();
      }),
    );
}

/** Clients that send a byte a second: a body, a head, and a body that ends half-way. */
async function sendSlowly(url: string, seconds: number, count: Count): Promise<void> {
  const head =
    'POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
  const starts = [head, 'GET /v1/info HTTP/1.1\r\nHost: 127.0', head];
  const sockets = Array.from({ length: 24 }, (_, i) => {
    const socket = connect(Number(new URL(url).port), new URL(url).hostname);
    socket.on('error', () => {}); // it is cut off sooner or later
    socket.write(starts[i % starts.length] as string);
    return socket;
  });
  for (let second = 0; second < seconds; second++) {
    for (const socket of sockets) if (socket.writable) socket.write(' ');
    await wait(1000);
  }
  for (const socket of sockets) {
    count('slow', socket.destroyed || !socket.writable ? 'cut off' : 'open');
    socket.destroy();
  }
}

/** An upload without an end. */
async function sendEndlessly(url: string, count: Count): Promise<void> {
  const chunk = new Uint8Array(2 ** 20).fill(7);
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) });
  const answer = fetch(`${url}/v1/uploads`, { method: 'POST', body, duplex: 'half' } as RequestInit);
  count('endless', await statusOf(answer).catch((error: Error) => error.name));
}

/**
 * Of a process, in bytes: its share of what it uses, where the system tells. What is resident counts the pages of a file
 * once for each program that maps it: weights are mapped by every program of a model.
 */
async function memoryOf({ url, pid }: Pick<LoadOptions, 'url' | 'pid'>): Promise<number> {
  const shares = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kilobytes = /^Pss: +(\d+) kB$/m.exec(shares)?.[1];
  if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
}

/** @param share  0…1 @param times  ascending */
export const quantile = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
