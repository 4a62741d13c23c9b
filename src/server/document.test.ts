import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { openApiDocument } from './document.js';
import { fakeServer } from './fake.test-support.js';
import { ROUTES } from './routes/index.js';

const document = openApiDocument('1.2.3');
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation: operation as unknown as Operation,
  })),
);

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
  readonly responses: Record<string, { description?: string; $ref?: string; content?: object }>;
}

/** All values of a key anywhere. */
function everyValue(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...everyValue(key, inner),
  ]);
}

function at(reference: string): unknown {
  const parts = reference.replace(/^#\//, '').split('/');
  return parts.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
}

test('the server sends the document', async () => {
  const sent = (await (await fakeServer().ask('/openapi.json')).json()) as { openapi: string };
  assert.deepEqual(sent, JSON.parse(JSON.stringify(openApiDocument('1.0.0'))));
  assert.equal(sent.openapi, '3.1.1');
});

test('every route is in the document, under a name of its own', () => {
  assert.deepEqual(
    operations.map(({ path, method }) => `${method} ${path}`).sort(),
    ROUTES.map(({ path, method }) => `${method} ${path}`).sort(),
  );
  assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
});

test('every reference leads to something', () => {
  const references = everyValue('$ref', document) as string[];
  assert.ok(references.length > 100);
  for (const reference of references) assert.ok(at(reference), reference);
});

test('names of components are such as OpenAPI allows, and none is left unused', () => {
  const references = new Set(everyValue('$ref', document));
  for (const kind of ['schemas', 'responses'] as const)
    for (const name of Object.keys(document.components[kind])) {
      assert.match(name, /^[a-zA-Z0-9._-]+$/);
      assert.ok(references.has(`#/components/${kind}/${name}`), `${kind}/${name}`);
    }
});

test('every parameter of a path is described, and no other', () => {
  for (const { path, operation } of operations) {
    const described = operation.parameters.filter((parameter) => parameter.in === 'path');
    assert.deepEqual(
      described.map(({ name }) => `{${name}}`),
      path.match(/\{\w+\}/g) ?? [],
      path,
    );
    for (const { name, required } of described) assert.equal(required, true, `${path} ${name}`);
  }
});

test('every operation has one tag that is declared, a summary of one line, and answers with descriptions', () => {
  const tags = document.tags.map(({ name }) => name);
  for (const { path, operation } of operations) {
    assert.equal(operation.tags.length, 1);
    assert.ok(tags.includes(operation.tags[0]), path);
    assert.match(operation.summary, /^[A-Z][^\n]{5,}[^.\n]$/);
    for (const [status, response] of Object.entries(operation.responses)) {
      assert.match(status, /^[2-5]\d\d$/);
      assert.ok(response.$ref ?? response.description, `${path} ${status}`);
    }
  }
});

test('every schema with properties says what type it is, and required keys are among them', () => {
  const check = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { properties, required = [], type } = value as { properties?: object; required?: string[]; type?: string };
    if (properties && Array.isArray(required)) {
      assert.equal(type, 'object', JSON.stringify(value).slice(0, 200));
      for (const key of required) assert.ok(key in properties, key);
    }
    for (const inner of Object.values(value)) check(inner);
  };
  check(document.components.schemas);
});

test('every example of a body passes the check of its route, and the defaults are optional', () => {
  let examples = 0;
  for (const { path, body, name } of ROUTES)
    if (body?.example !== undefined) {
      assert.ok(body.schema.safeParse(body.example).success, `${name} ${path}`);
      examples++;
    }
  assert.ok(examples >= 8);
  const { SearchRequest } = document.components.schemas as Record<string, { required: string[] }>;
  assert.deepEqual(SearchRequest?.required, ['library', 'query']);
});

test('what is read and what is answered under one name is one schema', () => {
  const names = Object.keys(document.components.schemas);
  for (const name of ['SearchRequest', 'SearchResult', 'Job', 'JobEvent', 'Adapter', 'Problem', 'MediaRef', 'Upload'])
    assert.ok(names.includes(name), name);
  assert.deepEqual(
    names.filter((name) => name.startsWith('__')),
    [],
  );
});

interface Node {
  readonly [key: string]: unknown;
  readonly type?: string;
}

/** Where numbers, texts and lists have no largest. */
function unbounded(node: Node, path: string): string[] {
  const has = (...keys: string[]) => keys.some((key) => node[key] !== undefined);
  const isOpen =
    (['number', 'integer'].includes(node.type ?? '') && !(Number(node.maximum) < Number.MAX_SAFE_INTEGER)) ||
    (node.type === 'string' && !has('maxLength', 'pattern', 'format', 'enum', 'const')) ||
    (node.type === 'array' && !has('maxItems'));
  const inner = Object.entries({
    ...Object(node.properties),
    ...Object(node.anyOf),
    ...(node.items ? { items: node.items } : {}),
  });
  return [...(isOpen ? [path] : []), ...inner.flatMap(([key, child]) => unbounded(child as Node, `${path}.${key}`))];
}

test('every number, text and list that can be sent has an upper bound', () => {
  const open = ROUTES.flatMap(({ name, body, query }) =>
    [body?.type === 'application/json' ? body.schema : undefined, query].flatMap((schema) => {
      const { $defs = {}, ...root } = schema ? (z.toJSONSchema(schema, { io: 'input' }) as Node) : {};
      const named = Object.entries(Object($defs)).filter(([id]) => id !== 'Json'); // a recipe, which has its own schema
      return [...unbounded(root, name), ...named.flatMap(([id, node]) => unbounded(node as Node, `${name}.${id}`))];
    }),
  );
  assert.deepEqual(open, []);
});
