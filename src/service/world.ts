// The scene generator for people to play with: one picture or clip of a seed, with what can be said and asked about it.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { positions } from '../data/video/index.js';
import { fail } from '../error/index.js';
import type { Drawn, DrawRequest, WorldOptions } from '../server/index.js';
import { animate, encode } from '../world/art/files.js';
import { openWorld, WORLD_NAMES, type WorldName } from '../world/art/open.js';
import type { World } from '../world/art/set.js';
import { createSemaphore } from './files/semaphore.js';
import type { Uploads } from './files/uploads.js';

/** Opened worlds that are kept: each holds its art, some megabytes. */
const KEPT = 4;
const SEED = 1;
const FRAMES = 8;
/** There are no more animations than these; the other worlds have no end. */
const ANIMATIONS = 500;

type Domain = WorldOptions['domains'][number];

const DOMAINS: Readonly<Record<WorldName, Omit<Domain, 'name'> & { readonly packages: readonly string[] }>> = {
  noto: { about: 'Scenes of things the backbone knows', kinds: ['image', 'video'], packages: ['@iconify-json/noto'] },
  fluent3d: {
    ...{ about: 'The same in art it has never seen, and things never named to it', kinds: ['image', 'video'] },
    packages: ['@lobehub/fluent-emoji-3d'],
  },
  people: {
    ...{ about: 'Faces: hair, beard, clothes, mood', kinds: ['image', 'video'] },
    packages: ['@dicebear/core', '@dicebear/toon-head'],
  },
  animations: {
    ...{ about: 'Animations with names that people gave', kinds: ['video'] },
    packages: ['emojibase-data', '@lobehub/fluent-emoji-anim-1'],
  },
};

/** What can be drawn here. */
export function worldOptions(): WorldOptions {
  const missing = new Set<string>();
  const domains = WORLD_NAMES.flatMap((name): Domain[] => {
    const { about, kinds, packages } = DOMAINS[name];
    const absent = packages.filter((one) => !isInstalled(one));
    for (const one of absent) missing.add(one);
    return absent.length > 0 ? [] : [{ name, about, kinds }];
  });
  return { domains, missing: [...missing] };
}

const isInstalled = (name: string): boolean =>
  (createRequire(import.meta.url).resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name)));

/** Draws what is asked for, one at a time. */
export function createDrawing(uploads: Pick<Uploads, 'keep'>): (request: DrawRequest) => Promise<Drawn> {
  const worlds = new Map<string, Promise<World>>();
  const semaphore = createSemaphore(1);
  return (request) =>
    semaphore(async () => {
      const world = await kept(worlds, request);
      const { captions, questions, render } = world.sample(
        world.first.test + (request.seed % (world.end - world.first.test)),
      );
      const at = positions(world.frames, null).map((position) => Math.floor(position * world.frames));
      const pictures = await render(at);
      const bytes = await (request.kind === 'image' ? encode(pictures, 'png') : animate(pictures));
      return {
        media: await uploads.keep(bytes),
        captions: [...captions()],
        questions: questions().map(({ question, answer, type }) => ({ question, answer, type })),
      };
    });
}

/** A world that is open already, or a new one in the place of the oldest. */
function kept(worlds: Map<string, Promise<World>>, { domain, kind, size }: DrawRequest): Promise<World> {
  const { domains } = worldOptions();
  const found = domains.find(({ name, kinds }) => name === domain && kinds.includes(kind));
  if (!found) refuseDomain(domain, kind, domains);
  const key = `${domain} ${kind} ${size}`;
  const counts = { train: 0, val: 0, test: domain === 'animations' ? ANIMATIONS : 0 };
  const opening =
    worlds.get(key) ?? openWorld({ domain: found.name as WorldName, kind, seed: SEED, size, frames: FRAMES, counts });
  worlds.delete(key);
  worlds.set(key, opening);
  opening.catch(() => worlds.delete(key));
  for (const oldest of [...worlds.keys()].slice(0, -KEPT)) worlds.delete(oldest);
  return opening;
}

function refuseDomain(domain: string, kind: string, domains: readonly Domain[]): never {
  fail('recipe', {
    where: `world ${domain.slice(0, 64)}`,
    what: `draws no ${kind === 'image' ? 'pictures' : 'clips'} here`,
    expected: domains.map(({ name, kinds }) => `${name} (${kinds.join(', ')})`).join(', ') || 'art that is installed',
  });
}
