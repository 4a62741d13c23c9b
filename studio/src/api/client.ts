// The server's API by fetch, until the project's own client is here.

import { type ErrorCode, UniAdapterError } from '../../../src/error/index.js';
import type {
  Adapter,
  AdapterDetails,
  AskRequest,
  AskResult,
  CaptionRequest,
  CaptionResult,
  Dataset,
  Drawn,
  DrawRequest,
  EmbedRequest,
  EmbedResult,
  IndexRequest,
  Info,
  Items,
  Job,
  JobEvent,
  Library,
  LibraryItem,
  MediaRef,
  Problem,
  SearchRequest,
  SearchResult,
  TrainPlan,
  TrainRequest,
  Upload,
  WorldOptions,
} from '../../../src/server/schema/index.js';

/** A request as it may be written: fields with defaults may be left out. */
type Asked<T> = Partial<T>;
type Signal = AbortSignal | undefined;

export interface PictureOptions {
  /** Longer side in pixels. */
  readonly size: number;
  readonly frame?: number;
  readonly frames?: number;
}

export interface NumberedEvent {
  readonly id: number;
  readonly event: JobEvent;
}

export const client = {
  info: (signal?: Signal) => get<Info>('/info', signal),
  libraries: (signal?: Signal) => get<readonly Library[]>('/libraries', signal),
  items: (
    library: string,
    query: Readonly<Record<string, string | number | undefined>>,
    signal?: Signal,
  ): Promise<Items> => get(withQuery(`/libraries/${library}/items`, query), signal),
  item: (library: string, item: string, signal?: Signal) =>
    get<LibraryItem>(`/libraries/${library}/items/${encodeURIComponent(item)}`, signal),
  search,
  ask: (request: Asked<AskRequest>, signal?: Signal) => post<AskResult>('/ask', request, signal),
  caption: (request: Asked<CaptionRequest>, signal?: Signal) => post<CaptionResult>('/caption', request, signal),
  embed: (request: Asked<EmbedRequest>, signal?: Signal) => post<EmbedResult>('/embed', request, signal),
  upload: async (file: Blob, signal?: Signal): Promise<Upload> =>
    json(await call('/uploads', { method: 'POST', body: file, headers: { 'content-type': file.type }, signal })),
  adapters: (signal?: Signal) => get<readonly Adapter[]>('/adapters', signal),
  adapter: (name: string, signal?: Signal) => get<AdapterDetails>(`/adapters/${name}`, signal),
  adapterFileUrl: (name: string, file: string) => `/v1/adapters/${name}/files/${encodeURIComponent(file)}`,
  addAdapter,
  removeAdapter: async (name: string): Promise<void> => void (await call(`/adapters/${name}`, { method: 'DELETE' })),
  datasets: (signal?: Signal) => get<readonly Dataset[]>('/datasets', signal),
  jobs: (signal?: Signal) => get<readonly Job[]>('/jobs', signal),
  job: (id: string, signal?: Signal) => get<Job>(`/jobs/${id}`, signal),
  jobEvents,
  startIndex: (request: Asked<IndexRequest>) => post<Job>('/jobs/index', request),
  planTraining: (request: TrainRequest, signal?: Signal) => post<TrainPlan>('/train/plan', request, signal),
  startTraining: (request: TrainRequest) => post<Job>('/jobs/train', request),
  stopJob: (id: string) => post<Job>(`/jobs/${id}/stop`, {}),
  resumeJob: (id: string) => post<Job>(`/jobs/${id}/resume`, {}),
  removeJob: async (id: string): Promise<void> => void (await call(`/jobs/${id}`, { method: 'DELETE' })),
  worldOptions: (signal?: Signal) => get<WorldOptions>('/world', signal),
  draw: (request: Asked<DrawRequest>, signal?: Signal) => post<Drawn>('/world/draw', request, signal),
  mediaUrl: (ref: MediaRef) => `/v1/${pathOf(ref)}/media`,
  pictureUrl: (ref: MediaRef, options: PictureOptions) => `/v1${withQuery(`/${pathOf(ref)}/picture`, { ...options })}`,
};

/** Both stages as they come. */
async function* search(request: Asked<SearchRequest>, signal?: Signal): AsyncGenerator<SearchResult> {
  const response = await call('/search', { ...jsonBody(request), signal }, { accept: 'text/event-stream' });
  for await (const { data } of sent(response)) yield JSON.parse(data) as SearchResult;
}

/** Events after number `after`, until the job has ended; goes on where it was when the connection is lost. */
async function* jobEvents(id: string, after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
  let last = after;
  while (!signal.aborted) {
    try {
      const response = await call(withQuery(`/jobs/${id}/events`, { after: last }), { signal });
      for await (const event of sent(response)) {
        last = Number(event.id);
        yield { id: last, event: JSON.parse(event.data) as JobEvent };
      }
      return;
    } catch (error) {
      if (signal.aborted || error instanceof UniAdapterError) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function addAdapter(name: string, files: readonly File[]): Promise<Adapter> {
  const form = new FormData();
  for (const file of files) form.append(file.name, file, file.name);
  return json(await call(`/adapters/${name}`, { method: 'PUT', body: form }));
}

const get = async <T>(path: string, signal?: Signal): Promise<T> => json(await call(path, { signal }));
const post = async <T>(path: string, body: object, signal?: Signal): Promise<T> =>
  json(await call(path, { ...jsonBody(body), signal }));

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;

const jsonBody = (body: object) => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

type Init = Omit<RequestInit, 'signal' | 'headers'> & { signal?: Signal; headers?: Record<string, string> };

async function call(path: string, { headers, signal, ...init }: Init, more: Record<string, string> = {}) {
  const response = await fetch(`/v1${path}`, { ...init, signal: signal ?? null, headers: { ...headers, ...more } });
  if (response.ok) return response;
  throw await errorOf(response);
}

async function errorOf(response: Response): Promise<UniAdapterError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const { code = 'internal', where = new URL(response.url).pathname, what = response.statusText } = problem;
  const { got, expected, fix } = problem;
  const more = { ...(got && { got }), ...(expected && { expected }), ...(fix && { fix }) };
  return new UniAdapterError(code as ErrorCode, { where, what, ...more });
}

interface Sent {
  readonly id: string;
  readonly data: string;
}

/** Server-sent events of a response. */
async function* sent(response: Response): AsyncGenerator<Sent> {
  if (!response.body) return;
  let rest = '';
  for await (const piece of piecesOf(response.body.pipeThrough(new TextDecoderStream()))) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) =>
        block.split('\n').flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []));
      const data = field('data').join('\n');
      if (data) yield { id: field('id')[0] ?? '', data };
    }
  }
}

/** Not every browser iterates over streams. */
async function* piecesOf(stream: ReadableStream<string>): AsyncGenerator<string> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

const pathOf = (ref: MediaRef): string =>
  'upload' in ref
    ? `uploads/${encodeURIComponent(ref.upload)}`
    : `libraries/${ref.library}/items/${encodeURIComponent(ref.item)}`;

function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const params = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
  return params.size ? `${path}?${params}` : path;
}
