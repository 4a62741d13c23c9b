// Sessions by what they compute. An adapter's own numbers are inputs of its programs, so that programs of the same method
// over the same backbone are one session, whichever adapter's numbers they are fed with. What was not used for long is released, and
// made again when it is needed.

import { createHash } from 'node:crypto';
import type { Lowered } from '../../compiler/onnx/index.js';
import type { Backend, Files, Session } from '../../compiler/runtime/index.js';
import { ARENA_BYTES } from '../../node/ort.js';

interface Pooled {
  /** What it may keep from run to run. */
  readonly bytes: number;
  readonly open: () => Promise<Session>;
  /** Undefined while it is released. */
  session: Promise<Session> | undefined;
  /** Programs that are it. */
  users: number;
}

/**
 * A backend whose equal programs share a session.
 *
 * @param maxBytes  of scratch memory that sessions may hold together; the one that runs is held in any case
 * @param beforeRun  called before each run; what it throws is thrown instead
 */
export function pooledBackend(backend: Backend, maxBytes: number, beforeRun: () => void = () => {}): Backend {
  const pool = new Map<string, Pooled>(); // the one that was used last is the last

  async function run(key: string, feeds: Parameters<Session['run']>[0]) {
    beforeRun();
    const pooled = pool.get(key) as Pooled;
    pool.delete(key);
    pool.set(key, pooled);
    if (!pooled.session) await makeRoom(pooled.bytes);
    pooled.session ??= pooled.open();
    const session = await pooled.session.catch((error: unknown) => {
      pooled.session = undefined; // it is tried again the next time
      throw error;
    });
    return session.run(feeds);
  }

  async function makeRoom(wanted: number): Promise<void> {
    const open = [...pool.values()].filter(({ session }) => session);
    let held = open.reduce((sum, { bytes }) => sum + bytes, wanted);
    for (const pooled of open) {
      if (held <= maxBytes) return;
      held -= pooled.bytes;
      await close(pooled);
    }
  }

  return {
    ...backend,
    async load(model, files, scratchBytes) {
      const key = keyOf(model, files);
      const open = () => backend.load(model, files, scratchBytes);
      const scratch = scratchBytes < ARENA_BYTES ? scratchBytes : 0; // larger ones give it back
      const pooled = pool.get(key) ?? { bytes: scratch + model.bytes.length, open, session: undefined, users: 0 };
      pooled.users++;
      pool.set(key, pooled);
      return {
        run: (feeds) => run(key, feeds),
        async release() {
          if (--pooled.users > 0) return;
          pool.delete(key);
          await close(pooled);
        },
      };
    },
  };
}

async function close(pooled: Pooled): Promise<void> {
  const { session } = pooled;
  pooled.session = undefined;
  await (await session?.catch(() => undefined))?.release();
}

/** The graph, with the places of frozen numbers in their files, and those that are in no file. */
function keyOf(model: Lowered, files: Files): string {
  const hash = createHash('sha256').update(model.bytes);
  for (const [name, bytes] of files) hash.update(name).update(bytes);
  return hash.digest('hex');
}
