// The API and the pages: a request goes in, an answer comes out. It knows web standards only; sockets, files and models
// are behind `Service` and `ServerOptions`.

import { type Context, Hono } from 'hono';
import { openApiDocument } from './document.js';
import { type Deadline, startDeadline } from './http/deadline.js';
import { guard } from './http/guard.js';
import { observed } from './http/observe.js';
import type { ServerOptions, Trace } from './http/options.js';
import { page, SECURITY_HEADERS } from './http/pages.js';
import { problemResponse, refuse } from './http/problem.js';
import { json, ROUTES, type Route } from './routes/index.js';
import type { Service } from './schema/service.js';

export interface ApiServer {
  /** Answers a request; it never rejects. */
  fetch(request: Request): Promise<Response>;
}

/** What belongs to one request. */
interface Bindings {
  readonly trace: Trace;
  readonly deadline: Deadline;
}

type App = Hono<{ Bindings: Bindings }>;

/** A server over a machine. See docs/api.md. */
export function createServer(service: Service, options: ServerOptions): ApiServer {
  const app: App = new Hono();
  app.onError((error, { env }) => problemResponse(env.trace.cutOff ?? error, env.trace));
  guardAll(app, service, options);
  for (const route of ROUTES) add(app, route, { service, options });
  const document = openApiDocument(options.version);
  app.get('/openapi.json', ({ env }) => {
    env.trace.route = '/openapi.json';
    return json(document);
  });
  app.all('*', (context) => pageOrNothing(context, options));
  return { fetch: (request) => answer(app, request, options) };
}

async function answer(app: App, request: Request, options: ServerOptions): Promise<Response> {
  const started = performance.now();
  const trace: Trace = { id: crypto.randomUUID(), route: 'unknown', bytesIn: 0 };
  const deadline = startDeadline(request.signal, options.limits.seconds);
  options.metrics.begin();
  const response = await handled(app, request, { trace, deadline });
  const { method } = request;
  const whole = observed(response, { trace, method, started, end: deadline.end }, options);
  whole.headers.set('x-request-id', trace.id);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!whole.headers.has(name)) whole.headers.set(name, value);
  return whole;
}

/** Whatever is thrown, also what is no error, becomes an answer. */
async function handled(app: App, request: Request, bindings: Bindings): Promise<Response> {
  try {
    return await app.fetch(request, bindings);
  } catch (thrown) {
    return problemResponse(thrown, bindings.trace);
  }
}

function guardAll(app: App, service: Service, { token }: ServerOptions): void {
  const open = new Set(ROUTES.flatMap(({ isOpen, path }) => (isOpen ? [path] : [])));
  app.use('*', async (context, next) => {
    if (open.has(context.req.path)) return next();
    const answered = await guard(context, token);
    if (answered) return answered;
    if (service.health().status === 'stopping' && context.req.path.startsWith('/v1/'))
      refuse(
        { status: 503, code: 'busy', headers: { 'retry-after': '10' } },
        { where: 'the server', what: 'is stopping' },
      );
    return next();
  });
}

interface Machine {
  readonly service: Service;
  readonly options: ServerOptions;
}

function add(app: App, route: Route, { service, options: { limits, metrics } }: Machine): void {
  app.on(
    route.method.toUpperCase(),
    route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    ({ req, env: { trace, deadline } }) => {
      trace.route = route.path;
      const { gone, signal } = deadline;
      const incoming = { service, metrics, limits, trace, request: req.raw, params: req.param() };
      if (route.isPatient) return route.answer({ ...incoming, signal: gone });
      const answer = route.answer({ ...incoming, signal });
      return deadline.before(answer).catch((error: unknown) => {
        answer.then(({ body }) => body?.cancel()).catch(() => undefined); // it comes too late: nothing is kept open for it
        throw error;
      });
    },
  );
}

async function pageOrNothing(context: Context<{ Bindings: Bindings }>, { assets }: ServerOptions): Promise<Response> {
  const { req } = context;
  const found = await page(context, assets);
  if (found) {
    context.env.trace.route = 'page';
    return found;
  }
  const allowed = ROUTES.filter(({ path }) => patternOf(path).test(req.path)).map(({ method }) => method.toUpperCase());
  if (allowed.length > 0)
    refuse(
      { status: 405, code: 'missing', headers: { allow: allowed.join(', ') } },
      { where: req.path, what: 'method not allowed', got: req.method, expected: allowed.join(' or ') },
    );
  refuse(
    { status: 404, code: 'missing' },
    { where: req.path, what: 'no such route', fix: 'see /docs for all of them' },
  );
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
