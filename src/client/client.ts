// The API of a server as functions, for browsers and for Node.

import type { z } from 'zod';
import type {
  Adapter,
  AdapterDetails,
  AskResult,
  askRequestSchema,
  CaptionResult,
  captionRequestSchema,
  Dataset,
  Drawn,
  drawRequestSchema,
  EmbedResult,
  embedRequestSchema,
  Health,
  Info,
  Items,
  ItemsQuery,
  indexRequestSchema,
  Job,
  Library,
  LibraryItem,
  MediaRef,
  NumberedEvent,
  SearchResult,
  searchRequestSchema,
  TrainPlan,
  TrainRequest,
  Upload,
  WorldOptions,
} from '../server/index.js';
import { type Asking, absolute, type Call, createCall, withQuery } from './call.js';
import { eventsOf } from './events.js';
import { followJob } from './follow.js';
import type { ClientOptions, PictureChoice } from './options.js';

/** Requests as they may be written: what has a default may be left out. */
export type Asked<S extends z.ZodType> = z.input<S>;
type Signal = AbortSignal | undefined;

export type Client = ReturnType<typeof createClient>;

/**
 * A client of the server at an address. Its methods are named like the operations of the server's `/openapi.json`, and
 * reject with the server's errors, code and fields alike.
 *
 * @example
 * const client = createClient({ url: 'http://127.0.0.1:3000' });
 * for await (const { stage, hits } of client.search({ library: 'scenes', query: { text: 'a yellow cow' } }))
 *   console.log(stage, hits.map(({ item }) => item.path));
 */
export function createClient(options: ClientOptions = {}) {
  const call = createCall(options);
  const urlOf = (path: string) => absolute(options.url ?? '', path);
  return {
    ...serverCalls(call),
    ...libraryCalls(call),
    ...modelCalls(call),
    ...adapterCalls(call),
    ...jobCalls(call),
    ...worldCalls(call),
    /** Where the file of an image or clip is; wants the token or the cookie like all. */
    mediaUrl: (ref: MediaRef): string => urlOf(`${mediaPath(ref)}/media`),
    /** Where a small picture of it is. */
    pictureUrl: (ref: MediaRef, choice: PictureChoice = {}): string =>
      urlOf(withQuery(`${mediaPath(ref)}/picture`, { ...choice })),
    /** Where a file of an adapter is, to save it. */
    adapterFileUrl: (name: string, file: string): string => urlOf(`${adapterPath(name)}/files/${part(file)}`),
  };
}

const serverCalls = (call: Call) => ({
  info: (signal?: Signal) => get<Info>(call, '/v1/info', { signal }),
  /** Whether the process lives. */
  health: (signal?: Signal) => get<Health>(call, '/healthz', { signal }),
  /** Whether it takes requests. @throws busy  while it is stopping */
  ready: (signal?: Signal) => get<Health>(call, '/readyz', { signal }),
  /** Figures as Prometheus reads them. */
  metrics: async (signal?: Signal): Promise<string> => (await call('/metrics', { signal })).text(),
});

const libraryCalls = (call: Call) => ({
  libraries: (signal?: Signal) => get<readonly Library[]>(call, '/v1/libraries', { signal }),
  items: (library: string, query: Partial<ItemsQuery> = {}, signal?: Signal) =>
    get<Items>(call, `${libraryPath(library)}/items`, { query, signal }),
  item: (library: string, item: string, signal?: Signal) =>
    get<LibraryItem>(call, mediaPath({ library, item }), { signal }),
  /** The file of an image or clip. */
  media: async (ref: MediaRef, signal?: Signal): Promise<Blob> =>
    (await call(`${mediaPath(ref)}/media`, { signal })).blob(),
  /** A small picture of it, as WebP. */
  picture: async (ref: MediaRef, choice: PictureChoice = {}, signal?: Signal): Promise<Blob> =>
    (await call(`${mediaPath(ref)}/picture`, { query: { ...choice }, signal })).blob(),
  /** Takes in an image or clip. @param type  media type of a stream; a blob has its own */
  upload: async (file: Blob | ReadableStream<Uint8Array>, signal?: Signal, type?: string): Promise<Upload> => {
    const known = type ?? (file instanceof Blob ? file.type : '');
    const headers = { 'content-type': known || 'application/octet-stream' };
    return json(await call('/v1/uploads', { method: 'POST', body: file, headers, signal }));
  },
});

const modelCalls = (call: Call) => ({
  search: (request: Asked<typeof searchRequestSchema>, signal?: Signal) => search(call, request, signal),
  ask: (request: Asked<typeof askRequestSchema>, signal?: Signal) => post<AskResult>(call, '/v1/ask', request, signal),
  caption: (request: Asked<typeof captionRequestSchema>, signal?: Signal) =>
    post<CaptionResult>(call, '/v1/caption', request, signal),
  embed: (request: Asked<typeof embedRequestSchema>, signal?: Signal) =>
    post<EmbedResult>(call, '/v1/embed', request, signal),
});

const adapterCalls = (call: Call) => ({
  adapters: (signal?: Signal) => get<readonly Adapter[]>(call, '/v1/adapters', { signal }),
  adapter: (name: string, signal?: Signal) => get<AdapterDetails>(call, adapterPath(name), { signal }),
  /** Takes in an adapter. @param files  of its folder, under their own names */
  addAdapter: async (name: string, files: readonly File[], signal?: Signal): Promise<Adapter> => {
    const body = new FormData();
    for (const file of files) body.append(file.name, file, file.name);
    return json(await call(adapterPath(name), { method: 'PUT', body, signal }));
  },
  removeAdapter: async (name: string, signal?: Signal): Promise<void> =>
    void (await call(adapterPath(name), { method: 'DELETE', signal })),
  /** One of its files. */
  adapterFile: async (name: string, file: string, signal?: Signal): Promise<Blob> =>
    (await call(`${adapterPath(name)}/files/${part(file)}`, { signal })).blob(),
});

const jobCalls = (call: Call) => ({
  datasets: (signal?: Signal) => get<readonly Dataset[]>(call, '/v1/datasets', { signal }),
  planTraining: (request: TrainRequest, signal?: Signal) => post<TrainPlan>(call, '/v1/train/plan', request, signal),
  startTraining: (request: TrainRequest, signal?: Signal) => post<Job>(call, '/v1/jobs/train', request, signal),
  startIndex: (request: Asked<typeof indexRequestSchema>, signal?: Signal) =>
    post<Job>(call, '/v1/jobs/index', request, signal),
  jobs: (signal?: Signal) => get<readonly Job[]>(call, '/v1/jobs', { signal }),
  job: (id: string, signal?: Signal) => get<Job>(call, jobPath(id), { signal }),
  /** Events after number `after` until the job ends; goes on where it was when the connection is lost. */
  jobEvents: (id: string, after = 0, signal?: Signal): AsyncGenerator<NumberedEvent> =>
    followJob(call, `${jobPath(id)}/events`, { after, signal }),
  stopJob: (id: string, signal?: Signal) => post<Job>(call, `${jobPath(id)}/stop`, undefined, signal),
  resumeJob: (id: string, signal?: Signal) => post<Job>(call, `${jobPath(id)}/resume`, undefined, signal),
  finishJob: (id: string, signal?: Signal) => post<Job>(call, `${jobPath(id)}/finish`, undefined, signal),
  removeJob: async (id: string, signal?: Signal): Promise<void> =>
    void (await call(jobPath(id), { method: 'DELETE', signal })),
});

const worldCalls = (call: Call) => ({
  worldOptions: (signal?: Signal) => get<WorldOptions>(call, '/v1/world', { signal }),
  draw: (request: Asked<typeof drawRequestSchema>, signal?: Signal) =>
    post<Drawn>(call, '/v1/world/draw', request, signal),
});

/** Both stages as they come; the last is the final result. */
async function* search(
  call: Call,
  request: Asked<typeof searchRequestSchema>,
  signal: Signal,
): AsyncGenerator<SearchResult> {
  const headers = { accept: 'text/event-stream' };
  const response = await call('/v1/search', { method: 'POST', json: request, headers, signal });
  for await (const { data } of eventsOf(response)) yield data as SearchResult;
}

const get = async <T>(call: Call, path: string, asking: Asking): Promise<T> => json(await call(path, asking));

const post = async <T>(call: Call, path: string, request: unknown, signal: Signal): Promise<T> =>
  json(await call(path, { method: 'POST', json: request, signal }));

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;

const part = encodeURIComponent;
const libraryPath = (library: string): string => `/v1/libraries/${part(library)}`;
const adapterPath = (name: string): string => `/v1/adapters/${part(name)}`;
const jobPath = (id: string): string => `/v1/jobs/${part(id)}`;

const mediaPath = (ref: MediaRef): string =>
  'upload' in ref ? `/v1/uploads/${part(ref.upload)}` : `${libraryPath(ref.library)}/items/${part(ref.item)}`;
