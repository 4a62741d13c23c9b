// The log of a run, events.jsonl: what happened, as it was written down.

import { basename, dirname } from 'node:path';
import { fail } from '../../error/index.js';
import { found, readBytes } from '../../files/files.js';
import { checkDescription } from '../../format/index.js';
import { parseJson } from '../../json/index.js';
import type { EventOf, TrainEvent } from '../loop/index.js';
import { eventSchema } from './log-schema.js';

/** An event and when it was, as ISO 8601. */
export type Logged<E extends TrainEvent = TrainEvent> = E & { readonly time: string };

/**
 * The events of a run, in order; a line that a crash cut off is left out.
 *
 * @param path  events.jsonl
 * @throws `file` if the folder of the file holds no run; `format`, naming the line, if one is not what training writes
 */
export async function readLog(path: string): Promise<readonly Logged[]> {
  if (!(await found(path)))
    fail('file', {
      where: dirname(path),
      what: 'is no run',
      expected: `a folder with ${basename(path)}, which training writes`,
    });
  const text = new TextDecoder().decode(await readBytes(path)); // a crash may have cut off a character
  return text.split('\n').flatMap((line, i) => {
    const event = read(line);
    return event === undefined ? [] : checkDescription(eventSchema, event, `${path}, line ${i + 1}`);
  }) as unknown as readonly Logged[];
}

/** Undefined of a line that was cut off. */
function read(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}

/** The events of one type. */
export const eventsOf = <T extends TrainEvent['type']>(log: readonly Logged[], type: T): Logged<EventOf<T>>[] =>
  log.filter((event): event is Logged<EventOf<T>> => event.type === type);

/** A resumed run repeats what came after its checkpoint: of the same step, the later event counts. */
export function latest<T>(events: readonly T[], key: (event: T) => number): T[] {
  const byKey = new Map(events.map((event) => [key(event), event]));
  return [...byKey].sort(([a], [b]) => a - b).map(([, event]) => event);
}
