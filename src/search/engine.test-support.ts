// A model that knows a file by its bytes and a text by its letters, and remembers what it was asked.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AdapterChoice, Engine, Identity } from '../predict/local/types.js';
import { hash } from '../random/index.js';
import { unitVector } from './rows.test-support.js';

export const WIDTH = 8;

/** The embedding of a file's bytes, or of a text. */
export const vectorFor = (said: string): Float32Array => unitVector(hash(said), WIDTH);

/** Of an identity, as hexadecimal as a real one. */
export const keyOf = (key: string, adapter: AdapterChoice): string =>
  createHash('sha256')
    .update(`${key} ${adapter ?? 'none'}`)
    .digest('hex');

export interface FakeEngine extends Pick<Engine, 'identity' | 'mediaFeatures' | 'textFeatures' | 'match'> {
  /** Names of files and texts, in the order they were embedded. */
  readonly embedded: string[];
}

/**
 * @param key  what the identity under each adapter depends on beside it
 * @param onEmbed  called before files are embedded
 */
export function fakeEngine(key = 'k', onEmbed: () => void = () => {}): FakeEngine {
  const embedded: string[] = [];
  const pack = (vectors: readonly Float32Array[]) => Float32Array.from(vectors.flatMap((vector) => [...vector]));
  return {
    embedded,
    identity: async (adapter): Promise<Identity> => ({
      ...{ key: keyOf(key, adapter), backbone: 'b', adapter, width: WIDTH, frames: null },
    }),
    async textFeatures(_, texts) {
      embedded.push(...texts);
      return pack(texts.map(vectorFor));
    },
    async mediaFeatures(_, files, { signal } = {}) {
      onEmbed();
      signal?.throwIfAborted();
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      embedded.push(...files.map((file) => basename(file)));
      const broken = [...texts.keys()].filter((i) => texts[i]?.startsWith('broken'));
      return { features: pack(texts.map(vectorFor)), unreadable: new Map(broken.map((i) => [i, 'is broken'])) };
    },
    match: (_, pairs) =>
      Promise.all(
        pairs.map(async ({ text, file }) =>
          (await isUnreadable(file)) ? null : { logit: logitFor(text, basename(file)), frameWeights: [0.5, 1.5] },
        ),
      ),
  };
}

const isUnreadable = (file: string): Promise<boolean> =>
  readFile(file, 'utf8').then(
    (text) => text.startsWith('broken'),
    () => true,
  );

/** −4 … 4, of a text and the name of a file. */
export const logitFor = (text: string, name: string): number => (hash(`${text} ${name}`) % 800) / 100 - 4;
