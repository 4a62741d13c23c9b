// Errors as answers: RFC 9457, with the project's code and fields.

import { type ErrorCode, type Problem, UniAdapterError } from '../../error/index.js';
import type { Problem as ProblemJson } from '../schema/index.js';
import type { Trace } from './options.js';

/** What each kind of error is in HTTP. Those of the first rows are mended by asking otherwise, the others are not. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  data: 422,
  format: 422,
  parameter: 422,
  recipe: 422,
  shape: 422,
  memory: 422,
  overflow: 422,
  denied: 403,
  missing: 404,
  busy: 503,
  stopped: 504,
  file: 500,
  runtime: 500,
  internal: 500,
};

const TITLES: Readonly<Record<ErrorCode, string>> = {
  data: 'It cannot be used as it is',
  format: 'The bytes are not what they should be',
  parameter: 'The adapter does not fit the model',
  recipe: 'What was asked for makes no sense',
  shape: 'Shapes do not fit together',
  memory: 'It takes more memory than there is',
  overflow: 'The model computes no numbers',
  denied: 'Not allowed',
  missing: 'There is no such thing',
  busy: 'Too much to do; try again later',
  stopped: 'Given up',
  file: 'A file of the server cannot be used',
  runtime: 'The model could not be run',
  internal: 'A bug of the server',
};

/** Seconds after which what was refused as `busy` may be asked again. */
const RETRY_SECONDS = 2;

/** The client went away; nobody but the log sees it. */
export const CLIENT_GONE = 499;

/** An error that HTTP has a status of its own for. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly error: UniAdapterError,
    readonly headers: Readonly<Record<string, string>>,
  ) {
    super(error.message, { cause: error });
  }
}

export interface Refused {
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What becomes an answer with this status when it is thrown. */
export const refusal = ({ status, code, headers = {} }: Refused, problem: Problem): Error =>
  new Refusal(status, new UniAdapterError(code, problem), headers);

/** Throws what becomes an answer with this status. */
export function refuse(refused: Refused, problem: Problem): never {
  throw refusal(refused, problem);
}

/** The answer to a request that failed. */
export function problemResponse(thrown: unknown, trace: Trace): Response {
  const { error, status, headers } = refusalOf(thrown, trace);
  if (status >= 500 && error.code !== 'busy' && error.code !== 'stopped') trace.error = thrown;
  return new Response(JSON.stringify(problemJson(error, status)), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
}

/** An error as it is sent; of bugs no more than where they can be read about. */
export function problemOf(thrown: unknown, trace: Trace): ProblemJson {
  const { error, status } = refusalOf(thrown, trace);
  if (status === 500) trace.error = thrown;
  return problemJson(error, status);
}

function refusalOf(thrown: unknown, trace: Trace): Omit<Refusal, keyof Error> {
  if (thrown instanceof Refusal) return thrown;
  const isOurs = thrown instanceof UniAdapterError && thrown.code !== 'internal';
  const error = isOurs ? thrown : bug(trace.id);
  const headers: Record<string, string> = error.code === 'busy' ? { 'retry-after': `${RETRY_SECONDS}` } : {};
  return { error, status: STATUS_OF[error.code], headers };
}

function bug(id: string): UniAdapterError {
  return new UniAdapterError('internal', {
    where: `request ${id}`,
    what: 'this is a bug of the server',
    fix: 'its log has the details under this id',
  });
}

function problemJson({ code, message, problem }: UniAdapterError, status: number): ProblemJson {
  const { where, what, got, expected, fix } = problem;
  return {
    ...{ type: `urn:uniadapter:problem:${code}`, title: TITLES[code], status, detail: message, code, where, what },
    ...(got !== undefined && { got }),
    ...(expected !== undefined && { expected }),
    ...(fix !== undefined && { fix }),
  };
}
