// What a route is: how it is asked, what it answers, and the function between. The server, the document and the page of
// documentation are all made from a list of them.

import type { z } from 'zod';
import type { Body } from '../http/body.js';
import { ADDRESS, checked, QUERY } from '../http/check.js';
import type { Limits, Metrics, Trace } from '../http/options.js';
import type { Service } from '../schema/service.js';

export const GROUPS = [
  'Search and ask',
  'Libraries',
  'Uploads',
  'Adapters',
  'Training and jobs',
  'World',
  'Server',
] as const;
export type Group = (typeof GROUPS)[number];

export interface Answer {
  readonly status: number;
  readonly about: string;
  /** Media type; none where there is no body. */
  readonly type?: string;
  readonly schema?: z.ZodType;
}

/** What a route is made of. P, Q and B are what its handler is given: parameters of the path, the query, the body. */
export interface Spec<P, Q, B> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** `{name}` are parameters. */
  readonly path: string;
  /** Of the operation; the client's method has the same. */
  readonly name: string;
  readonly group: Group;
  /** One line. */
  readonly about: string;
  /** More about it, for the document. */
  readonly more?: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: Body<B>;
  readonly answers: readonly Answer[];
  /** Statuses of refusals beside those that its parts bring: 413, 415 and 422 with a body, 404 with parameters, and so on. */
  readonly refusals?: readonly number[];
  /** It takes as long as the client's line or a job does, and is not given up after the time limit. */
  readonly isPatient?: true;
  /** It can be asked without a token. */
  readonly isOpen?: true;
}

/** A request on its way to a route. */
export interface Incoming {
  readonly service: Service;
  readonly metrics: Metrics;
  readonly limits: Limits;
  readonly request: Request;
  /** Of the path, unchecked. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the client is gone, and when the time is over unless the route is patient. */
  readonly signal: AbortSignal;
  readonly trace: Trace;
}

/** The same, checked. */
export interface Asked<P, Q, B> extends Omit<Incoming, 'params'> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

export interface Route extends Omit<Spec<unknown, unknown, unknown>, 'body'> {
  readonly body?: Omit<Body<unknown>, 'read'>;
  answer(incoming: Incoming): Promise<Response>;
}

/** A route of a description and what it does; what does not fit the description never gets there. */
export function route<P = undefined, Q = undefined, B = undefined>(
  spec: Spec<P, Q, B>,
  handle: (asked: Asked<P, Q, B>) => Promise<Response>,
): Route {
  return {
    ...spec,
    async answer(incoming) {
      const { searchParams } = new URL(incoming.request.url);
      const params = spec.params && checked(spec.params, incoming.params, ADDRESS);
      const query = spec.query && checked(spec.query, Object.fromEntries(searchParams), QUERY);
      const body = await spec.body?.read(incoming);
      return handle({ ...incoming, params, query, body } as Asked<P, Q, B>);
    },
  };
}

/** An answer of JSON, for the description. */
export const says = (schema: z.ZodType, about: string, status = 200): Answer => ({
  ...{ status, about, schema },
  type: 'application/json',
});

/** The same, to be sent. */
export function json(
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  });
}
