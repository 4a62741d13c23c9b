// Bodies of requests, no longer than they may be: JSON, one file, several files.

import { z } from 'zod';
import { BODY, checked } from './check.js';
import type { Limits, Trace } from './options.js';
import { refuse } from './problem.js';

/** How a route reads its body, and how the document tells of it. */
export interface Body<T> {
  /** Media type. */
  readonly type: string;
  readonly schema: z.ZodType;
  readonly example?: unknown;
  /** @throws 413, 415, 400 or 422 */
  read(reading: Reading): Promise<T>;
}

export interface Reading {
  readonly request: Request;
  readonly limits: Limits;
  /** Counts the bytes that came. */
  readonly trace: Trace;
}

/** @param example  for the document */
export function jsonBody<T, Given>(schema: z.ZodType<T, Given>, example: Given): Body<T> {
  const type = 'application/json';
  return {
    ...{ type, schema, example },
    async read(reading) {
      refuseOtherType(reading.request, type);
      const bytes = await readAll(limited(reading, reading.limits.bodyBytes));
      return checked(schema, parsed(bytes), BODY);
    },
  };
}

/** Bytes as they are, for the document. */
export const bytesSchema = z.string('expected a file').meta({ contentEncoding: 'binary' });

/** The body is a file. Its media type is a hint. */
export const fileBody: Body<ReadableStream<Uint8Array>> = {
  type: '*/*',
  schema: bytesSchema,
  read: async (reading) => limited(reading, reading.limits.uploadBytes),
};

/** Several small files by name. @param names  and whether each has to be there */
export function filesBody(names: Readonly<Record<string, boolean>>): Body<ReadonlyMap<string, Uint8Array>> {
  const type = 'multipart/form-data';
  const field = (isNeeded: boolean) => (isNeeded ? bytesSchema : bytesSchema.optional());
  const schema = z.strictObject(Object.fromEntries(Object.entries(names).map(([name, is]) => [name, field(is)])));
  return {
    ...{ type, schema },
    async read(reading) {
      refuseOtherType(reading.request, type);
      const files = await formFiles(reading);
      checked(schema, Object.fromEntries([...files.keys()].map((name) => [name, ''])), BODY);
      return files;
    },
  };
}

async function formFiles(reading: Reading): Promise<ReadonlyMap<string, Uint8Array>> {
  const bytes = await readAll(limited(reading, reading.limits.adapterBytes));
  const headers = { 'content-type': reading.request.headers.get('content-type') ?? '' };
  const form = await new Response(bytes, { headers })
    .formData()
    .catch((cause) =>
      refuse(
        { status: 400, code: 'format' },
        { where: 'the body', what: 'is not multipart/form-data', expected: 'a part for each file', cause },
      ),
    );
  const files = new Map<string, Uint8Array>();
  for (const [name, value] of form.entries())
    files.set(
      name,
      typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(await value.arrayBuffer()),
    );
  return files;
}

function refuseOtherType(request: Request, expected: string): void {
  const got = request.headers.get('content-type') ?? 'none';
  if (got.split(';', 1)[0]?.trim().toLowerCase() === expected) return;
  refuse(
    { status: 415, code: 'format' },
    { where: 'the header content-type', what: 'is of no use here', got, expected },
  );
}

function parsed(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : undefined;
    refuse({ status: 400, code: 'format' }, { where: 'the body', what: 'is not JSON', ...(got && { got }), cause });
  }
  refuseHuge(value);
  return value;
}

/** Nothing that is asked for is nested deeper, and what walks through it later calls itself. */
const DEEPEST = 64;
/** Keys and entries; the longest list that is asked for has 256, and all of them are walked through. */
const MOST_ENTRIES = 10_000;

function refuseHuge(value: unknown): void {
  const inner = (outer: unknown) => (typeof outer === 'object' && outer !== null ? Object.values(outer) : []);
  let level = [value];
  let entries = 0;
  for (let depth = 0; level.length > 0; depth++) {
    entries += level.length;
    if (depth >= DEEPEST) refuseBody('is nested too deep', `at most ${DEEPEST} levels`);
    if (entries > MOST_ENTRIES) refuseBody('holds too much', `at most ${MOST_ENTRIES} keys and entries`);
    level = level.flatMap(inner);
  }
}

const refuseBody = (what: string, expected: string): never =>
  refuse({ status: 422, code: 'data' }, { where: 'the body', what, expected });

/** The body as it comes, which fails as soon as it is longer than it may be. @throws 413 when it says so itself */
function limited({ request, trace }: Reading, limit: number): ReadableStream<Uint8Array> {
  const said = Number(request.headers.get('content-length') ?? 0);
  if (said > limit) refuseLong(`${said} bytes`, limit);
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      trace.bytesIn += chunk.byteLength;
      if (trace.bytesIn > limit) cutOff(trace, limit);
      controller.enqueue(chunk);
    },
  });
  return (request.body ?? new Blob([]).stream()).pipeThrough(counting);
}

function cutOff(trace: Trace, limit: number): never {
  try {
    refuseLong(`${trace.bytesIn} bytes and more to come`, limit);
  } catch (error) {
    trace.cutOff = error;
    throw error;
  }
}

function refuseLong(got: string, limit: number): never {
  refuse(
    { status: 413, code: 'data' },
    { where: 'the body', what: 'is too long', got, expected: `at most ${limit} bytes` },
  );
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}
