// What a server is told from outside: limits, the token, files of pages, and where its log and its figures go.

import type { Info } from '../schema/index.js';
import type { StoredFile } from '../schema/service.js';

/** What any request may take; the rest of a server's limits is kept by the machine below. */
export type Limits = Pick<Info['limits'], 'bodyBytes' | 'uploadBytes' | 'adapterBytes' | 'seconds'>;

export interface ServerOptions {
  /** Of the project, for the OpenAPI document. */
  readonly version: string;
  readonly limits: Limits;
  /**
   * What a request must bring along. Without one, only requests to a name of this computer are answered, so the address
   * that is listened on has to be a loopback one.
   */
  readonly token: string | null;
  /** Files of the pages by path from their folder: `index.html` and others of the studio, `docs/…` of Swagger UI. */
  readonly assets: (path: string) => Promise<StoredFile | null>;
  readonly log: (entry: LogEntry) => void;
  readonly metrics: Metrics;
}

/** One request that is over. It never holds tokens, texts, names of files or addresses. */
export interface LogEntry {
  /** The client finds it in the header `x-request-id`. */
  readonly id: string;
  readonly method: string;
  /** As in the OpenAPI document, such as `/v1/jobs/{id}`; `page` for files of pages, `unknown` for what there is none for. */
  readonly route: string;
  /** 499 when the client went away before the answer. */
  readonly status: number;
  /** Until the last byte was sent. */
  readonly ms: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly adapter?: string;
  /** What went wrong where it is our fault. */
  readonly error?: unknown;
}

/** Figures about requests, such as a Prometheus registry keeps them. */
export interface Metrics {
  /** A request has come. */
  begin(): void;
  /** It is over. */
  end(entry: LogEntry): void;
  /** All figures, in the format that `type` says. */
  text(): Promise<{ readonly type: string; readonly text: string }>;
}

/** What becomes known about a request on its way, for the log. */
export interface Trace {
  readonly id: string;
  route: string;
  bytesIn: number;
  /** Why its body was cut off, whatever is made of that by those who read it. */
  cutOff?: unknown;
  adapter?: string;
  error?: unknown;
}
