// The studio and the page of the API's documentation: files from outside, with the headers that keep a page to itself.

import type { Context } from 'hono';
import type { StoredFile } from '../schema/service.js';
import { fileResponse } from './file.js';
import type { ServerOptions } from './options.js';

/** Of every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
};

/** Scripts come from files only; styles are also set by scripts, and pictures are drawn and dropped. */
const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Names of which no part is hidden or leads upwards. */
const PLAIN_PATH = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
/** What a build puts there has a hash of its content in its name. */
const HASHED = /^assets\//;
/** No pages of the studio; those may end in a dot and letters further down, as names of adapters do. */
const OF_FILES = /^(?:(?:v1|docs|assets)\/|[^/]+\.[a-z0-9]+$)/i;

/**
 * The file of a page at the path of the request; addresses of the studio's own pages, which are no files, are its
 * `index.html`.
 *
 * @returns null where there is nothing
 */
export async function page({ req }: Context, assets: ServerOptions['assets']): Promise<Response | null> {
  if (req.method !== 'GET' && req.method !== 'HEAD') return null;
  const path = decoded(req.path.slice(1));
  if (path === 'docs' || path === 'docs/') return text(DOCS_PAGE, 'text/html; charset=utf-8');
  if (path === 'docs/start.js') return text(DOCS_SCRIPT, 'text/javascript; charset=utf-8');
  const file = PLAIN_PATH.test(path) ? await assets(path) : null;
  if (file) return pageFile(req.raw, file, HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
  const isPlace = !OF_FILES.test(path) && req.header('accept')?.includes('text/html');
  const index = isPlace || path === '' ? await assets('index.html') : null;
  return index && pageFile(req.raw, index, 'no-cache');
}

const pageFile = (request: Request, file: StoredFile, cache: string): Response =>
  fileResponse(request, file, { 'cache-control': cache, 'content-security-policy': PAGE_POLICY });

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // which is no plain path then
  }
}

const text = (body: string, type: string): Response =>
  new Response(body, {
    headers: { 'content-type': type, 'cache-control': 'no-cache', 'content-security-policy': PAGE_POLICY },
  });

const DOCS_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>UniAdapter API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const DOCS_SCRIPT = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
`;
