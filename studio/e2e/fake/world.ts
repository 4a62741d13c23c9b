// The make-believe world: scenes by seed.

import type { Hono } from 'hono';
import { type Drawn, drawRequestSchema } from '../../../src/server/schema/index.js';
import { questionsOf } from './answers.js';
import { captionsOf, sceneOf } from './scenes.js';
import type { FakeState } from './state.js';

export function worldRoutes(app: Hono, state: FakeState): void {
  app.get('/v1/world', (context) => context.json(state.world));
  app.post('/v1/world/draw', async (context) => {
    const { kind, seed, domain, size } = drawRequestSchema.parse(await context.req.json());
    const scene = sceneOf(seed + 31 * domain.length, kind === 'video');
    const upload = `drawn-${domain}-${kind}-${seed}-${size}`;
    const media = {
      ...{ upload, kind, bytes: 20_000, width: size, height: size },
      expires: new Date(Date.now() + 3.6e6).toISOString(),
    };
    state.uploads.set(upload, { upload: media, scene });
    const drawn: Drawn = { media, captions: [...captionsOf(scene)], questions: [...questionsOf(scene)] };
    return context.json(drawn);
  });
}

/** What is there when all art is. */
export const WORLD = {
  domains: [
    { name: 'noto', about: 'Scenes of things in eight colors', kinds: ['image' as const, 'video' as const] },
    {
      name: 'fluent3d',
      about: 'The same in another style, with shadows and textures',
      kinds: ['image' as const, 'video' as const],
    },
    { name: 'people', about: 'Faces: hair, clothes, mood', kinds: ['image' as const] },
  ],
  missing: [],
};
