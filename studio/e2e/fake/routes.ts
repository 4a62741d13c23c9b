// The routes of the make-believe server.

import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { searchRequestSchema } from '../../../src/server/schema/index.js';
import { adapterOf } from './adapters.js';
import { answerRoutes } from './answers.js';
import { isOver, startIndex } from './jobs.js';
import { problemResponse } from './problem.js';
import { draw, type Scene, sceneOf } from './scenes.js';
import { search } from './search.js';
import type { FakeState } from './state.js';
import { trainingRoutes } from './training.js';
import { worldRoutes } from './world.js';

/** Between the two stages of a search. */
const RERANK_MS = 250;

export function routes(app: Hono, state: FakeState): void {
  app.get('/v1/info', (context) => context.json(state.info));
  libraryRoutes(app, state);
  uploadRoutes(app, state);
  searchRoutes(app, state);
  adapterRoutes(app, state);
  answerRoutes(app, state);
  trainingRoutes(app, state);
  jobRoutes(app, state);
  worldRoutes(app, state);
}

function libraryRoutes(app: Hono, state: FakeState): void {
  app.get('/v1/libraries', (context) => context.json(state.libraries));
  app.get('/v1/libraries/:library/items', (context) => {
    const { kind, offset = '0', limit = '60' } = context.req.query();
    const all = state.items
      .map(({ item }) => item)
      .filter(({ library, kind: its }) => library === context.req.param('library') && (!kind || its === kind));
    return context.json({ items: all.slice(Number(offset), Number(offset) + Number(limit)), all: all.length });
  });
  const found = (context: Context) => state.items.find(({ item }) => item.id === context.req.param('item'));
  app.get('/v1/libraries/:library/items/:item', (context) => {
    const item = found(context)?.item;
    return item ? context.json(item) : missing(context, 'no such item');
  });
  app.get('/v1/libraries/:library/items/:item/:how', (context) => drawing(context, found(context)?.scene));
}

function uploadRoutes(app: Hono, state: FakeState): void {
  app.post('/v1/uploads', async (context) => {
    const type = context.req.header('content-type') ?? '';
    if (!/^(image|video)\//.test(type))
      return problemResponse(context, {
        ...{ status: 422, what: 'is neither a picture nor a clip', where: 'upload' },
        ...{ got: type || 'unknown bytes', expected: 'JPEG, PNG, WebP, MP4, WebM …', fix: 'choose another file' },
      });
    const bytes = (await context.req.arrayBuffer()).byteLength;
    const isClip = type.startsWith('video/');
    const upload = {
      ...{ upload: `u${state.uploads.size + 1}`, kind: isClip ? ('video' as const) : ('image' as const), bytes },
      ...{ width: 400, height: 400, expires: new Date(Date.now() + 3.6e6).toISOString() },
    };
    state.uploads.set(upload.upload, { upload, scene: sceneOf(bytes, isClip) });
    return context.json(upload);
  });
  app.get('/v1/uploads/:upload/:how', (context) =>
    drawing(context, state.uploads.get(context.req.param('upload'))?.scene),
  );
}

function drawing(context: Context, scene: Scene | undefined): Response | Promise<Response> {
  if (!scene) return missing(context, 'no such picture');
  const { frame = '0', frames = '8' } = context.req.query();
  const time =
    scene.motion === null || context.req.param('how') === 'media' ? undefined : Number(frame) / Number(frames);
  return context.body(draw(scene, time), 200, { 'content-type': 'image/svg+xml' });
}

function searchRoutes(app: Hono, state: FakeState): void {
  app.post('/v1/search', async (context) => {
    const request = searchRequestSchema.parse(await context.req.json());
    const library = state.libraries.find(({ name }) => name === request.library);
    if (!library?.indexes.some(({ adapter }) => adapter === request.adapter))
      return missing(context, `${request.library} has no index under ${request.adapter}`);
    const stages = search(state, request);
    if (!context.req.header('accept')?.includes('text/event-stream')) return context.json(stages.at(-1));
    return streamSSE(context, async (stream) => {
      for (const [i, stage] of stages.entries()) {
        if (i > 0) await (state.holds.get('rerank') ?? stream.sleep(RERANK_MS));
        await stream.writeSSE({ event: stage.stage, data: JSON.stringify(stage) });
      }
    });
  });
}

function adapterRoutes(app: Hono, state: FakeState): void {
  app.get('/v1/adapters', (context) => context.json(state.adapters));
  app.get('/v1/adapters/:name', (context) => {
    const adapter = state.adapters.find(({ name }) => name === context.req.param('name'));
    return adapter ? context.json(adapter) : missing(context, `no adapter ${context.req.param('name')}`);
  });
  app.put('/v1/adapters/:name', async (context) => {
    const name = context.req.param('name');
    const files = await context.req.formData();
    if (!files.has('adapter.safetensors'))
      return problemResponse(context, {
        ...{
          status: 422,
          code: 'parameter',
          where: `adapter ${name}`,
          what: 'the adapter belongs to another backbone',
        },
        ...{ got: 'blip-base (sha256 77aa…)', expected: 'tiny (sha256 b1f7…)', fix: 'serve with --backbone blip-base' },
      });
    const adapter = adapterOf({ name, task: 'retrieval', trainable: 40_000, scores: {}, origin: 'uploaded' });
    state.adapters = [...state.adapters.filter((other) => other.name !== name), adapter];
    return context.json(adapter);
  });
  app.delete('/v1/adapters/:name', (context) => {
    state.adapters = state.adapters.filter(({ name }) => name !== context.req.param('name'));
    return context.body(null, 204);
  });
  app.get('/v1/adapters/:name/files/:file', (context) => context.text('{}'));
}

function jobRoutes(app: Hono, state: FakeState): void {
  const jobOf = (context: Context) => state.jobs.find(({ id }) => id === context.req.param('id'));
  app.get('/v1/jobs', (context) => context.json(state.jobs));
  app.get('/v1/jobs/:id', (context) => context.json(jobOf(context)));
  app.post('/v1/jobs/index', async (context) => {
    const { library, adapter = 'none' } = await context.req.json();
    return context.json(startIndex(state, library, adapter), 202);
  });
  app.get('/v1/jobs/:id/events', (context) => {
    const job = jobOf(context);
    if (job?.kind !== 'index') return missing(context, 'no such job');
    return streamSSE(context, async (stream) => {
      for (let id = 1; !stream.aborted; id++) {
        const isLast = isOver(job);
        await stream.writeSSE({ id: String(id), event: 'job', data: JSON.stringify({ type: 'job', job }) });
        if (isLast) return;
        await stream.sleep(100);
      }
    });
  });
}

const missing = (context: Context, what: string): Response =>
  problemResponse(context, { status: 404, code: 'missing', what });
