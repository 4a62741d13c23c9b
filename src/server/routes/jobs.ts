// Long work: indexing and training, what it does now, stopping and resuming it.

import { z } from 'zod';
import { jsonBody } from '../http/body.js';
import { eventResponse, type SentEvent } from '../http/events.js';
import {
  datasetSchema,
  eventsQuerySchema,
  indexRequestSchema,
  type Job,
  jobEventSchema,
  jobSchema,
  trainPlanSchema,
  trainRequestSchema,
} from '../schema/index.js';
import type { NumberedEvent } from '../schema/service.js';
import { json, type Route, route, says } from './route.js';

const jobParams = z.object({ id: z.string() });
const RECIPE = { data: { path: 'pictures' }, train: { epochs: 5 }, method: { name: 'uniadapter' } };
const TRAINING = { name: 'red-cars', recipe: RECIPE };

export const jobRoutes: readonly Route[] = [
  route(
    {
      ...{ method: 'get', path: '/v1/datasets', name: 'datasets', group: 'Training and jobs' },
      about: 'Folders and manifests that may be trained on',
      answers: [says(z.array(datasetSchema), 'The datasets.')],
    },
    async ({ service }) => json(await service.datasets()),
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/train/plan', name: 'planTraining', group: 'Training and jobs' },
      about: 'What a training would do: parameters, memory, steps',
      body: jsonBody(trainRequestSchema, TRAINING),
      answers: [says(trainPlanSchema, 'The plan. Nothing has been started.')],
      refusals: [404, 503],
    },
    async ({ service, body, signal }) => json(await service.planTraining(body, { signal })),
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/jobs/train', name: 'startTraining', group: 'Training and jobs' },
      about: 'Starts a training, or puts it into the queue',
      body: jsonBody(trainRequestSchema, TRAINING),
      answers: [says(jobSchema, 'The job.', 202)],
      refusals: [404, 503],
    },
    async ({ service, body, signal }) => accepted(await service.startTraining(body, { signal })),
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/jobs/index', name: 'startIndex', group: 'Training and jobs' },
      about: 'Starts to index a library, or puts it into the queue',
      body: jsonBody(indexRequestSchema, { library: 'scenes', adapter: 'scene-search' }),
      answers: [says(jobSchema, 'The job.', 202)],
      refusals: [404, 503],
    },
    async ({ service, body, trace }) => {
      trace.adapter = body.adapter;
      return accepted(await service.startIndex(body));
    },
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/jobs', name: 'jobs', group: 'Training and jobs' },
      about: 'All jobs',
      answers: [says(z.array(jobSchema), 'The jobs.')],
    },
    async ({ service }) => json(await service.jobs()),
  ),
  route(
    {
      ...{ method: 'get', path: '/v1/jobs/{id}', name: 'job', group: 'Training and jobs' },
      about: 'One job',
      params: jobParams,
      answers: [says(jobSchema, 'The job.')],
    },
    async ({ service, params }) => json(await service.job(params.id)),
  ),
  route(
    {
      ...{
        method: 'get',
        path: '/v1/jobs/{id}/events',
        name: 'jobEvents',
        group: 'Training and jobs',
        isPatient: true,
      },
      about: 'What a job tells, as it happens',
      more:
        'Server-sent events named by `type`, with numbers. A client that was cut off goes on with `?after=` or the header ' +
        '`Last-Event-ID`. The stream ends with the job.',
      params: jobParams,
      query: eventsQuerySchema,
      answers: [{ status: 200, about: 'Its events.', type: 'text/event-stream', schema: jobEventSchema }],
    },
    async ({ service, params, query, ...asked }) => {
      const { id } = await service.job(params.id); // or it is missing
      const last = /^\d{1,15}$/.exec(asked.request.headers.get('last-event-id') ?? '')?.[0];
      const after = last === undefined ? query.after : Number(last);
      return eventResponse(asked, (signal) => sentEvents(service.jobEvents(id, after, signal)));
    },
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/jobs/{id}/stop', name: 'stopJob', group: 'Training and jobs' },
      about: 'Stops a job; a training saves its state first',
      params: jobParams,
      answers: [says(jobSchema, 'The job.', 202)],
    },
    async ({ service, params }) => accepted(await service.stopJob(params.id)),
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/jobs/{id}/resume', name: 'resumeJob', group: 'Training and jobs' },
      about: 'Lets a job that was stopped go on',
      params: jobParams,
      answers: [says(jobSchema, 'The job.', 202)],
      refusals: [503],
    },
    async ({ service, params }) => accepted(await service.resumeJob(params.id)),
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/jobs/{id}/finish', name: 'finishJob', group: 'Training and jobs' },
      about: 'Ends a training now: the best epoch so far becomes the adapter',
      more: 'A training that runs saves its state first; one that was stopped or failed finishes from what it saved.',
      params: jobParams,
      answers: [says(jobSchema, 'The job, which evaluates and writes the adapter, and then is done.', 202)],
      refusals: [503],
    },
    async ({ service, params }) => accepted(await service.finishJob(params.id)),
  ),
  route(
    {
      ...{ method: 'delete', path: '/v1/jobs/{id}', name: 'removeJob', group: 'Training and jobs' },
      about: 'Forgets a job that is over; the run folder and the adapter of a training stay',
      params: jobParams,
      answers: [{ status: 204, about: 'It is forgotten.' }],
    },
    async ({ service, params }) => {
      await service.removeJob(params.id);
      return new Response(null, { status: 204 });
    },
  ),
];

const accepted = (job: Job): Response =>
  json(job, { status: 202, headers: { location: `/v1/jobs/${encodeURIComponent(job.id)}` } });

async function* sentEvents(events: AsyncIterable<NumberedEvent>): AsyncGenerator<SentEvent> {
  for await (const { id, event } of events) yield { id, name: event.type, data: event };
}
