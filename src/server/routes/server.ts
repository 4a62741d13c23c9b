// What the server is and how it does.

import { z } from 'zod';
import { refuse } from '../http/problem.js';
import { healthSchema, infoSchema, problemSchema } from '../schema/index.js';
import { json, type Route, route, says } from './route.js';

export const serverRoutes: readonly Route[] = [
  route(
    {
      ...{ method: 'get', path: '/v1/info', name: 'info', group: 'Server' },
      about: 'The backbone and the limits',
      answers: [says(infoSchema, 'What it is.')],
    },
    async ({ service }) => json(await service.info()),
  ),
  route(
    {
      ...{ method: 'get', path: '/healthz', name: 'health', group: 'Server', isOpen: true },
      about: 'Whether the process lives',
      answers: [says(healthSchema, 'It does.')],
    },
    async ({ service }) => json(service.health()),
  ),
  route(
    {
      ...{ method: 'get', path: '/readyz', name: 'ready', group: 'Server', isOpen: true },
      about: 'Whether it takes requests',
      answers: [
        says(healthSchema, 'It does.'),
        { status: 503, about: 'It is stopping.', type: 'application/problem+json', schema: problemSchema },
      ],
    },
    async ({ service }) => {
      const health = service.health();
      if (health.status === 'ok') return json(health);
      return refuse({ status: 503, code: 'busy' }, { where: 'the server', what: `is ${health.status}` });
    },
  ),
  route(
    {
      ...{ method: 'get', path: '/metrics', name: 'metrics', group: 'Server' },
      about: 'Figures for Prometheus',
      answers: [{ status: 200, about: 'All of them.', type: 'text/plain', schema: z.string() }],
    },
    async ({ metrics }) => {
      const { type, text } = await metrics.text();
      return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-store' } });
    },
  ),
];
