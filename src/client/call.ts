// One request: the address, the token, and the errors of the server as errors of the project.

import { type ErrorCode, UniAdapterError } from '../error/index.js';
import type { Problem } from '../server/index.js';
import type { ClientOptions } from './options.js';

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: Blob | FormData | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** @throws the server's error with its code and fields; what `fetch` throws when the server cannot be reached */
export type Call = (path: string, asking?: Asking) => Promise<Response>;

export function createCall({ url = '', token, fetch }: ClientOptions): Call {
  return async (path, asking = {}) => {
    const { method = 'GET', query = {}, json, body, headers, signal } = asking;
    const sent = json === undefined ? body : JSON.stringify(json);
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent as NonNullable<RequestInit['body']> }),
      ...(sent instanceof ReadableStream && { duplex: 'half' }), // which fetch wants to hear before it sends a stream
      ...(signal && { signal }),
    };
    const address = absolute(url, withQuery(path, query));
    const response = await (fetch ?? globalThis.fetch)(new Request(address, init));
    if (response.ok) return response;
    throw await errorOf(response, path);
  };
}

/** `path?a=1`, without what is undefined. */
export function withQuery(path: string, query: NonNullable<Asking['query']>): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

/** Addresses of the page's own server stay relative: the page may have come under any name. */
export const absolute = (url: string, path: string): string => `${url.replace(/\/+$/, '')}${path}`;

/** An error as the server sent it. */
export function errorFrom({ code, where, what, got, expected, fix }: Problem): UniAdapterError {
  return new UniAdapterError(code as ErrorCode, {
    ...{ where, what },
    ...(got !== undefined && { got }),
    ...(expected !== undefined && { expected }),
    ...(fix !== undefined && { fix }),
  });
}

async function errorOf(response: Response, path: string): Promise<UniAdapterError> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isProblem) return errorFrom((await response.json()) as Problem);
  return new UniAdapterError('format', {
    ...{ where: path, what: 'the answer is none of a uniadapter server', got: `status ${response.status}` },
    fix: 'is something between it and this program?',
  });
}
