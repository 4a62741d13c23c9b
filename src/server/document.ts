// The OpenAPI 3.1 document, made from the routes and from the schemas that they check with.

import { z } from 'zod';
import { fail } from '../error/index.js';
import { GROUPS, ROUTES, type Route } from './routes/index.js';
import { problemSchema } from './schema/index.js';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: Json;
  readonly tags: readonly Json[];
  readonly security: readonly Json[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Json; readonly responses: Json; readonly securitySchemes: Json };
}

/** @param version  of the project */
export function openApiDocument(version: string): OpenApiDocument {
  const schemas = new Map<string, unknown>();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) paths[route.path] = { ...paths[route.path], [route.method]: operation(route, schemas) };
  const responses = Object.fromEntries(
    Object.entries(REFUSALS).map(([status, about]) => [status, refusal(about, schemas)]),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'UniAdapter',
      version,
      summary: 'Search, questions, captions and training with many adapters on one backbone.',
    },
    tags: GROUPS.map((name) => ({ name })),
    // a server on this computer alone wants none
    security: [{ token: [] }, {}],
    paths,
    components: {
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => a.localeCompare(b))),
      responses,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The token that the server was started with.' },
      },
    },
  };
}

/** What each status of a refusal means. */
export const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The body cannot be parsed.',
  401: 'The token is missing or wrong.',
  403: 'A page of another site asks, or under a name that is none of this computer, or it may not be done.',
  404: 'Nothing has this name or id.',
  413: 'The body is longer than the limits of `/v1/info` allow.',
  415: 'The body is of a media type that is of no use here.',
  416: 'The range begins behind the end of the file.',
  422: 'Something is wrong with what was asked for or sent; `where` and `what` tell.',
  500: 'A bug, or a file or model of the server failed.',
  503: 'Too much waits already, or the server is stopping; `Retry-After` tells when to ask again.',
  504: 'It took longer than the limits of `/v1/info` allow.',
};

/** Statuses of refusals of a route, in order. */
export function refusalsOf({ params, query, body, isPatient, isOpen, refusals = [] }: Route): number[] {
  if (isOpen) return [];
  const ofBody = body ? [413, 422, ...(body.type === '*/*' ? [] : [400, 415])] : [];
  const ofAddress = [...(params ? [404, 422] : []), ...(query ? [422] : [])];
  return [...new Set([401, 403, 500, 503, ...(isPatient ? [] : [504]), ...ofBody, ...ofAddress, ...refusals])].sort();
}

function operation(route: Route, schemas: Map<string, unknown>): Json {
  const { name, group, about, more, body, isOpen } = route;
  return {
    ...{ operationId: name, tags: [group], summary: about, ...(more && { description: more }) },
    ...(isOpen && { security: [] }),
    parameters: [...parameters('path', route.params, schemas), ...parameters('query', route.query, schemas)],
    ...(body && { requestBody: { required: true, content: content(body, 'input', schemas) } }),
    responses: {
      ...answers(route, schemas),
      ...Object.fromEntries(refusalsOf(route).map((status) => [status, { $ref: `#/components/responses/${status}` }])),
    },
  };
}

function parameters(where: 'path' | 'query', schema: z.ZodType | undefined, schemas: Map<string, unknown>): Json[] {
  if (!schema) return [];
  const { properties, required = [] } = schemaJson(schema, 'input', schemas) as {
    properties: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: where,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

function answers({ answers }: Route, schemas: Map<string, unknown>): Record<number, Json> {
  const all: Record<number, { description: string; content?: Json }> = {};
  for (const answer of answers) {
    const before = all[answer.status];
    const more = answer.schema && content(answer, 'output', schemas);
    all[answer.status] = {
      description: before ? `${before.description} ${answer.about}` : answer.about,
      ...((before?.content || more) && { content: { ...before?.content, ...more } }),
    };
  }
  return all;
}

interface Content {
  readonly type?: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
}

const content = (
  { type = '*/*', schema = z.unknown(), example }: Content,
  io: 'input' | 'output',
  schemas: Map<string, unknown>,
): Json => ({
  [type]: { schema: schemaJson(schema, io, schemas), ...(example !== undefined && { example }) },
});

const refusal = (description: string, schemas: Map<string, unknown>): Json => ({
  description,
  content: { 'application/problem+json': { schema: schemaJson(problemSchema, 'output', schemas) } },
});

const REF = '#/components/schemas/';

/** A schema as JSON Schema; those with a name go to `schemas` and are referred to. */
function schemaJson(schema: z.ZodType, io: 'input' | 'output', schemas: Map<string, unknown>): unknown {
  const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), { io, override: tidy });
  const moved = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', `"${REF}`));
  for (const [name, value] of Object.entries($defs)) define(schemas, name, moved(value));
  return moved(properties?.it);
}

/** One name means one thing, in requests and in answers. */
function define(schemas: Map<string, unknown>, name: string, schema: unknown): void {
  const before = schemas.get(name);
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema))
    fail('internal', {
      where: `schema ${name}`,
      what: 'is another one in requests than in answers',
      fix: 'give it no id',
    });
  schemas.set(name, schema);
}

/** Leaves out what says nothing to a reader. */
function tidy({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.example !== undefined) {
    jsonSchema.examples = [jsonSchema.example];
    delete jsonSchema.example;
  }
}
