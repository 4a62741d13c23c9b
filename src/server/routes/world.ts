// Drawn scenes: what there is to draw, and drawing it.

import { jsonBody } from '../http/body.js';
import { drawnSchema, drawRequestSchema, worldOptionsSchema } from '../schema/index.js';
import { json, type Route, route, says } from './route.js';

export const worldRoutes: readonly Route[] = [
  route(
    {
      ...{ method: 'get', path: '/v1/world', name: 'worldOptions', group: 'World' },
      about: 'What can be drawn',
      answers: [says(worldOptionsSchema, 'The domains.')],
    },
    async ({ service }) => json(await service.worldOptions()),
  ),
  route(
    {
      ...{ method: 'post', path: '/v1/world/draw', name: 'draw', group: 'World' },
      about: 'Draws a picture or a clip of a scene, with captions and questions',
      body: jsonBody(drawRequestSchema, { domain: 'fluent3d', kind: 'image', seed: 7 }),
      answers: [says(drawnSchema, 'It can be searched with and asked about like an upload.')],
      refusals: [404, 503],
    },
    async ({ service, body }) => json(await service.draw(body)),
  ),
];
