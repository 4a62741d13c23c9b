// A machine of a few names and numbers, to test the API without models and files.

import { fail } from '../error/index.js';
import type { ApiServer, LogEntry, ServerOptions, Service, StoredFile } from './index.js';
import type { Adapter, Job, LibraryItem, MediaRef, SearchResult, Upload } from './schema/index.js';
import { createServer } from './server.js';

const TIME = '2026-01-31T12:00:00.000Z';
export const MODIFIED = new Date('2026-01-31T12:00:00Z');
export const FILE = new TextEncoder().encode('0123456789');

/** A stored file that tells how often it was opened. */
export function fakeFile(bytes: Uint8Array<ArrayBuffer> = FILE, type = 'image/png'): StoredFile & { opened: number } {
  return {
    ...{ type, bytes: bytes.byteLength, modified: MODIFIED, etag: 'tag-1', opened: 0 },
    read([first, last] = [0, bytes.byteLength - 1]) {
      this.opened++;
      return new Blob([bytes.subarray(first, last + 1)]).stream();
    },
  };
}

export const ITEM: LibraryItem = {
  ...{ id: 'a/1', library: 'photos', path: 'a/1.png', kind: 'image', bytes: 10, modified: TIME, captions: [] },
};

const UPLOAD: Upload = { upload: 'u1', kind: 'image', bytes: 10, width: 4, height: 3, expires: TIME };

const ADAPTER: Adapter = {
  ...{ name: 'red', task: 'retrieval', method: 'uniadapter', bottleneck: 4, parameters: { trainable: 10, all: 100 } },
  ...{ bytes: 40, frames: null, scores: { 'R@1': 0.5 }, created: TIME, seed: 0, data: 'photos', isLoaded: true },
  ...{ origin: 'uploaded', canDelete: true },
};

const JOB: Job = {
  ...{ id: 'j1', kind: 'index', title: 'photos', state: 'running', done: 1, all: 2, secondsLeft: 3, created: TIME },
  ...{ finished: null, error: null, request: { library: 'photos' } },
};

export const result = (stage: 'first' | 'final', adapter = 'none'): SearchResult => ({
  ...{ adapter, stage, hits: [], searched: 2, reranked: stage === 'final' ? 1 : 0 },
  reranking: 'Re-ranking is on.',
  seconds: { embed: 0, nearest: 0, rerank: 0 },
});

const missing = (where: string): never => fail('missing', { where, what: 'there is none of this name' });
const known = <T>(name: string, expected: string, value: T): T => (name === expected ? value : missing(name));
const found = <T>(ref: MediaRef, value: T): T =>
  'upload' in ref ? known(ref.upload, 'u1', value) : known(ref.item, ITEM.id, known(ref.library, 'photos', value));

/** @param changes  of what it does */
export function fakeService(changes: Partial<Service> = {}): Service {
  return {
    health: () => ({ status: 'ok' }),
    info: async () => ({
      version: '1.0.0',
      backbone: { name: 'tiny', sha256: 'ab', parameters: 1, bytes: 4, imageSize: 32, tasks: ['retrieval'] },
      limits: { bodyBytes: 1, uploadBytes: 1, adapterBytes: 1, pixels: 1, clipSeconds: 1, waiting: 1, seconds: 1 },
      canTrain: true,
    }),
    libraries: async () => [],
    items: async (library, { limit }) => known(library, 'photos', { items: [ITEM].slice(0, limit), all: 1 }),
    item: async (library, id) => found({ library, item: id }, ITEM),
    media: async (ref) => found(ref, fakeFile()),
    picture: async (ref, options) => found(ref, new TextEncoder().encode(JSON.stringify(options))),
    async *search({ library, adapter, rerank }) {
      known(library, 'photos', null);
      if ((rerank ?? 16) > 0) yield result('first', adapter);
      yield result('final', adapter);
    },
    ask: async ({ adapter, questions }) => ({
      ...{ adapter, seconds: 0 },
      answered: questions.map((question) => ({ question, answers: [{ answer: 'red', probability: 1 }] })),
    }),
    caption: async ({ adapter, media }) => ({ adapter, captions: media.map(() => 'a car'), seconds: 0 }),
    embed: async ({ adapter, texts }) => ({ adapter, width: 1, texts: texts.map(() => [1]), media: [] }),
    async upload(body) {
      const bytes = (await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer()).byteLength;
      return { ...UPLOAD, bytes };
    },
    adapters: async () => [ADAPTER],
    adapter: async (name) =>
      known(name, 'red', {
        ...{ ...ADAPTER, sha256: 'cd', modules: [], recipe: {}, files: [{ name: 'adapter.json', bytes: 2 }] },
        backbone: { name: 'tiny', sha256: 'ab', bytes: 4, parameters: 1 },
      }),
    adapterFile: async (name, file) =>
      known(name, 'red', known(file, 'adapter.json', fakeFile(FILE, 'application/json'))),
    addAdapter: async (name, files) => ({ ...ADAPTER, name, bytes: files.get('adapter.safetensors')?.byteLength ?? 0 }),
    removeAdapter: async (name) => known(name, 'red', undefined),
    datasets: async () => [],
    jobs: async () => [JOB],
    job: async (id) => known(id, 'j1', JOB),
    async *jobEvents(_id, after) {
      for (const id of [1, 2, 3]) if (id > after) yield { id, event: { type: 'job', job: { ...JOB, done: id } } };
    },
    startIndex: async ({ library }) => known(library, 'photos', JOB),
    planTraining: async () => ({
      ...{
        task: 'retrieval',
        method: 'uniadapter',
        items: { train: 1, val: 1, test: 1 },
        kind: 'images',
        frames: null,
      },
      ...{ parameters: { trainable: 1, all: 2 }, modules: [], memoryBytes: 1, freeBytes: 2, pieces: 1, steps: 3 },
      ...{ epochs: 1, decided: ['optimiser.learningRate'] },
      settings: { learningRate: 1e-2, warmupSteps: 0, augment: 'none', flip: false, evaluateEvery: 1, patience: 5 },
      problems: [],
      leftOut: [],
    }),
    startTraining: async ({ name }) => ({ ...JOB, kind: 'train', title: name }),
    stopJob: async (id) => known(id, 'j1', { ...JOB, state: 'stopped' }),
    resumeJob: async (id) => known(id, 'j1', JOB),
    finishJob: async (id) => known(id, 'j1', JOB),
    removeJob: async (id) => known(id, 'j1', undefined),
    worldOptions: async () => ({ domains: [], missing: [] }),
    draw: async () => ({ media: UPLOAD, captions: ['a car'], questions: [] }),
    ...changes,
  };
}

export interface FakeServer extends ApiServer {
  readonly entries: LogEntry[];
  /** Answers a request to `http://localhost` with this path. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Requests that are not over. */
  readonly inFlight: () => number;
}

/** @param changes  of the options */
export function fakeServer(service: Service = fakeService(), changes: Partial<ServerOptions> = {}): FakeServer {
  const entries: LogEntry[] = [];
  let inFlight = 0;
  const server = createServer(service, {
    ...{
      version: '1.0.0',
      limits: { bodyBytes: 2000, uploadBytes: 5000, adapterBytes: 5000, seconds: 5 },
      token: null,
    },
    assets: async () => null,
    log: (entry) => entries.push(entry),
    metrics: {
      begin: () => void inFlight++,
      end: () => void inFlight--,
      text: async () => ({ type: 'text/plain; version=0.0.4', text: `in_flight ${inFlight}\n` }),
    },
    ...changes,
  });
  const ask = (path: string, init?: RequestInit) => server.fetch(new Request(`http://localhost${path}`, init));
  return { ...server, entries, ask, inFlight: () => inFlight };
}

/** A POST of JSON. */
export const posted = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  ...{ method: 'POST', body: JSON.stringify(body) },
  headers: { 'content-type': 'application/json', ...headers },
});
