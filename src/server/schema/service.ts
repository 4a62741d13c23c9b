// What the API asks of the machine below: files, models and jobs. src/service is the one that is; tests bring their own.
// Everything rejects with the project's errors; an unknown name or id is `missing`, a full queue `busy`.

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
  Health,
  IndexRequest,
  Info,
  Items,
  ItemsQuery,
  Job,
  JobEvent,
  Library,
  LibraryItem,
  MediaRef,
  SearchRequest,
  SearchResult,
  TrainPlan,
  TrainRequest,
  Upload,
  WorldOptions,
} from './index.js';

/** Bytes that may be asked for in part. */
export interface StoredFile {
  /** Media type, such as `video/mp4`. */
  readonly type: string;
  readonly bytes: number;
  readonly modified: Date;
  /** Changes whenever the bytes do. */
  readonly etag: string;
  /** @param range  first and last byte; default all */
  read(range?: readonly [number, number]): ReadableStream<Uint8Array>;
  /** Where it is held open: lets go of it without reading it. */
  close?(): Promise<void>;
}

/** One picture of an image or clip, made small. */
export interface PictureOptions {
  /** Longer side in pixels. */
  readonly size: number;
  /** Which of `frames` frames of a clip, from 0; those that a model that looks at so many is shown. */
  readonly frame: number;
  readonly frames: number;
}

export interface Asking {
  /** Aborted when the client is gone or the time is over. */
  readonly signal: AbortSignal;
}

export interface NumberedEvent {
  /** From 1. */
  readonly id: number;
  readonly event: JobEvent;
}

export interface Service {
  health(): Health;
  info(): Promise<Info>;

  libraries(): Promise<readonly Library[]>;
  items(library: string, query: ItemsQuery): Promise<Items>;
  item(library: string, id: string): Promise<LibraryItem>;
  /** The file itself. */
  media(ref: MediaRef): Promise<StoredFile>;
  /** @returns WebP */
  picture(ref: MediaRef, options: PictureOptions): Promise<Uint8Array<ArrayBuffer>>;

  /** The first stage as soon as it is there, where there is a second; then the final result. */
  search(request: SearchRequest, asking: Asking): AsyncIterable<SearchResult>;
  ask(request: AskRequest, asking: Asking): Promise<AskResult>;
  caption(request: CaptionRequest, asking: Asking): Promise<CaptionResult>;
  embed(request: EmbedRequest, asking: Asking): Promise<EmbedResult>;

  /** Takes a file in; what cannot be decoded is refused with a reason. @param type its media type, which is not trusted */
  upload(body: ReadableStream<Uint8Array>, type: string): Promise<Upload>;

  adapters(): Promise<readonly Adapter[]>;
  adapter(name: string, asking: Asking): Promise<AdapterDetails>;
  adapterFile(name: string, file: string): Promise<StoredFile>;
  /** Takes an adapter in: files of an adapter folder by name. */
  addAdapter(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<Adapter>;
  removeAdapter(name: string): Promise<void>;

  datasets(): Promise<readonly Dataset[]>;
  jobs(): Promise<readonly Job[]>;
  job(id: string): Promise<Job>;
  /** Those after number `after` at once, then new ones as they come, until the job has ended or the signal is aborted. */
  jobEvents(id: string, after: number, signal: AbortSignal): AsyncIterable<NumberedEvent>;
  startIndex(request: IndexRequest): Promise<Job>;
  planTraining(request: TrainRequest, asking: Asking): Promise<TrainPlan>;
  startTraining(request: TrainRequest, asking: Asking): Promise<Job>;
  /** A running training saves its state first. */
  stopJob(id: string): Promise<Job>;
  resumeJob(id: string): Promise<Job>;
  finishJob(id: string): Promise<Job>;
  /** Forgets a job that is over; a training's run folder and adapter stay. */
  removeJob(id: string): Promise<void>;

  worldOptions(): Promise<WorldOptions>;
  draw(request: DrawRequest): Promise<Drawn>;
}
