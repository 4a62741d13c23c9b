// An object store to test with: as much of the S3 protocol as LanceDB speaks, over memory.

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Bucket {
  /** What is in it, by key. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** As a store is named. */
  readonly address: string;
  /** What programs find it and its keys by. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface Asked {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const NAME = 'bucket';

/** Starts one on 127.0.0.1. */
export async function startBucket(): Promise<Bucket> {
  const objects = new Map<string, Buffer>();
  const answer = answering(objects);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://bucket');
    const key = decodeURIComponent(pathname).split('/').slice(2).join('/');
    const { method = 'GET', headers } = request;
    const { status, headers: own, body } = answer({ method, key, query, headers, body: Buffer.concat(chunks) });
    response.writeHead(status, own).end(method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    objects,
    address: `s3://${NAME}/vectors`,
    environment: {
      AWS_ENDPOINT: `http://127.0.0.1:${port}`,
      ...{ AWS_ALLOW_HTTP: 'true', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answering(objects: Map<string, Buffer>): (asked: Asked) => Answer {
  const uploads = new Map<string, Map<number, Buffer>>();

  function put({ key, query, headers, body }: Asked): Answer {
    const parts = uploads.get(query.get('uploadId') ?? '');
    if (parts) {
      parts.set(Number(query.get('partNumber')), body);
      return { status: 200, headers: { etag: etagOf(body) } };
    }
    if (headers['if-none-match'] === '*' && objects.has(key)) return refused(412, 'PreconditionFailed');
    const source = headers['x-amz-copy-source'];
    const bytes = source === undefined ? body : objects.get(decodeURIComponent(`${source}`).replace(/^\/?[^/]+\//, ''));
    if (!bytes) return refused(404, 'NoSuchKey');
    objects.set(key, bytes);
    if (source !== undefined) return { status: 200, body: xml('CopyObjectResult', `<ETag>${etagOf(bytes)}</ETag>`) };
    return { status: 200, headers: { etag: etagOf(bytes) } };
  }

  function post({ key, query, body }: Asked): Answer {
    if (query.has('delete')) {
      const keys = [...body.toString().matchAll(/<Key>(.*?)<\/Key>/g)].map(([, each = '']) => each);
      for (const each of keys) objects.delete(each);
      const deleted = keys.map((each) => `<Deleted><Key>${each}</Key></Deleted>`).join('');
      return { status: 200, body: xml('DeleteResult', deleted) };
    }
    if (query.has('uploads')) {
      const upload = randomUUID();
      uploads.set(upload, new Map());
      return { status: 200, body: xml('InitiateMultipartUploadResult', `<UploadId>${upload}</UploadId>`) };
    }
    const parts = uploads.get(query.get('uploadId') ?? '');
    if (!parts) return refused(404, 'NoSuchUpload');
    const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    objects.set(key, whole);
    return { status: 200, body: xml('CompleteMultipartUploadResult', `<ETag>${etagOf(whole)}</ETag>`) };
  }

  return (asked) => {
    const { method, key, query, headers } = asked;
    if (method === 'PUT') return put(asked);
    if (method === 'POST') return post(asked);
    if (method === 'GET' && key === '') return { status: 200, body: listOf(objects, query) };
    if (method === 'DELETE') {
      objects.delete(key);
      return { status: 204 };
    }
    const bytes = objects.get(key);
    return bytes ? sent(bytes, headers.range) : refused(404, 'NoSuchKey');
  };
}

function sent(bytes: Buffer, range: string | undefined): Answer {
  const about = { etag: etagOf(bytes), 'last-modified': WRITTEN.toUTCString() };
  if (range === undefined)
    return { status: 200, headers: { ...about, 'content-length': `${bytes.length}` }, body: bytes };
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const first = from === '' ? bytes.length - Number(to) : Number(from);
  const last = from === '' || to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
  const part = bytes.subarray(first, last + 1);
  const where = { 'content-range': `bytes ${first}-${last}/${bytes.length}`, 'content-length': `${part.length}` };
  return { status: 206, headers: { ...about, ...where }, body: part };
}

/** Of keys with a prefix; those with a delimiter after it are folders. */
function listOf(objects: ReadonlyMap<string, Buffer>, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const folders = new Set<string>();
  const contents: string[] = [];
  for (const key of [...objects.keys()].filter((each) => each.startsWith(prefix)).sort()) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const bytes = objects.get(key) as Buffer;
    const written = `<LastModified>${WRITTEN.toISOString()}</LastModified><ETag>${etagOf(bytes)}</ETag>`;
    if (end >= 0) folders.add(key.slice(0, end + delimiter.length));
    else contents.push(`<Contents><Key>${key}</Key>${written}<Size>${bytes.length}</Size></Contents>`);
  }
  const prefixes = [...folders].map((each) => `<CommonPrefixes><Prefix>${each}</Prefix></CommonPrefixes>`);
  return xml('ListBucketResult', `<IsTruncated>false</IsTruncated>${contents.join('')}${prefixes.join('')}`);
}

const WRITTEN = new Date('2026-01-01T00:00:00Z');

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

const xml = (element: string, inner: string): string => `<?xml version="1.0"?><${element}>${inner}</${element}>`;

const refused = (status: number, code: string): Answer => ({ status, body: xml('Error', `<Code>${code}</Code>`) });
