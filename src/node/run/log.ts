// The log of a run, events.jsonl: what happened, as it was written down.

import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fail } from '../../error/index.js';
import type { EventOf, TrainEvent } from './types.js';

/** An event and when it was, as ISO 8601. */
export type Logged<E extends TrainEvent = TrainEvent> = E & { readonly time: string };

/**
 * The events of a run, in order; a line that a crash cut off is left out.
 *
 * @param path  events.jsonl
 * @throws `file` if the folder of the file holds no run
 */
export async function readLog(path: string): Promise<readonly Logged[]> {
  const text = await readFile(path, 'utf8').catch((cause) =>
    fail('file', {
      where: dirname(path),
      what: 'is no run',
      expected: `a folder with ${basename(path)}, which training writes`,
      cause,
    }),
  );
  return text.split('\n').flatMap((line): Logged[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** The events of one type. */
export const eventsOf = <T extends TrainEvent['type']>(log: readonly Logged[], type: T): Logged<EventOf<T>>[] =>
  log.filter((event): event is Logged<EventOf<T>> => event.type === type);

/** A resumed run repeats what came after its checkpoint: of the same step, the later event counts. */
export function latest<T>(events: readonly T[], key: (event: T) => number): T[] {
  const byKey = new Map(events.map((event) => [key(event), event]));
  return [...byKey].sort(([a], [b]) => a - b).map(([, event]) => event);
}
