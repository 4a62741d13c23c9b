// Files → what models look at. A file that cannot be read spoils nobody else's batch.

import { grouped } from '../../data/items/index.js';
import { createIdentifier } from '../../data/media/content.js';
import { reason } from '../../error/index.js';
import { openReal } from '../../files/opened.js';
import { forgiving, mediaSet } from '../programs/library.js';
import { sizeFor } from './batch-sizes.js';
import { type Outcome, packError, type Reply } from './messages.js';
import type { ServedModel } from './model.js';
import type { Frames } from './programs.js';
import { createTokenCache } from './token-cache.js';

/** A file that was encoded. */
export interface Seen {
  /** f32 [F·N, D] */
  readonly tokens: Float32Array;
  readonly frames: Frames;
}

export interface Looking {
  /** Features f32 [P] of files, or why they cannot be read: of the first ones that a program takes at once. */
  features(model: ServedModel, files: readonly string[]): Promise<readonly Reply<Float32Array | string>[]>;
  /** The tokens of each file, from the cache where they are in it. */
  tokens(model: ServedModel, files: readonly string[]): Promise<ReadonlyMap<string, Outcome<Seen>>>;
  /** Forgets what a model saw. */
  forget(model: string): void;
}

interface File {
  readonly file: string;
  readonly frames: Frames;
  /** In the cache. */
  readonly key: string;
}

/** @param tokenBytes  of the tokens that are kept, at most */
export function createLooking(tokenBytes: number): Looking {
  const cache = createTokenCache(tokenBytes);
  const contentOf = createIdentifier(openReal);

  async function describe(model: ServedModel, file: string): Promise<Outcome<File>> {
    try {
      const frames = await model.framesOf(file);
      return { value: { file, frames, key: `${model.name}${frames} ${await contentOf(file)}` } };
    } catch (error) {
      return { error: packError(error) };
    }
  }

  return {
    async features(model, files) {
      const frames = await Promise.all(files.map((file) => model.framesOf(file)));
      const [first = null] = frames;
      const alike = [...files.keys()].filter((i) => frames[i] === first);
      const now = alike.slice(0, model.encodedAtOnce(first));
      const found = await encodeFeatures(
        model,
        first,
        now.map((i) => files[i] as string),
      );
      return files.map((_, i) =>
        now.includes(i) ? { value: found[now.indexOf(i)] as Float32Array } : { later: true },
      );
    },
    async tokens(model, files) {
      const found = new Map<string, Outcome<Seen>>();
      const missing: File[] = [];
      for (const file of new Set(files)) {
        const described = await describe(model, file);
        if ('error' in described) found.set(file, described);
        else {
          const { frames, key } = described.value;
          const tokens = cache.get(key);
          if (tokens) found.set(file, { value: { tokens, frames } });
          else missing.push(described.value);
        }
      }
      for (const [frames, members] of grouped(missing, ({ frames }) => frames)) {
        const files = members.map(({ file }) => file);
        for (const [i, outcome] of (await encodeTokens(model, frames, files)).entries()) {
          const { file, key } = members[i] as File;
          if ('value' in outcome) cache.set(key, outcome.value.tokens);
          found.set(file, outcome);
        }
      }
      return found;
    },
    forget: (model) => cache.forget(model),
  };
}

async function encodeFeatures(
  model: ServedModel,
  frames: Frames,
  files: readonly string[],
): Promise<(Float32Array | string)[]> {
  const batch = Math.min(sizeFor(files.length), model.encodedAtOnce(frames));
  const { set, errors } = forgiving(await mediaSet(files, openReal));
  const { features } = await (await model.programs().features(frames, batch)).encode(set);
  const P = model.model.config.projection;
  return files.map((_, i) => {
    const error = errors.get(i);
    return error ? reason(error.problem) : features.slice(i * P, (i + 1) * P);
  });
}

async function encodeTokens(model: ServedModel, frames: Frames, files: readonly string[]): Promise<Outcome<Seen>[]> {
  const batch = Math.min(sizeFor(files.length), model.encodedAtOnce(frames));
  const { set, errors } = forgiving(await mediaSet(files, openReal));
  const encoded = await (await model.programs().tokens(frames, batch)).encode(set);
  const outcomes: Outcome<Seen>[] = [];
  for (const i of files.keys()) {
    const error = errors.get(i);
    outcomes.push(error ? { error: packError(error) } : { value: { tokens: await encoded.tokens(i), frames } });
  }
  return outcomes;
}
