// A run for TensorBoard: one event file that is made anew from the log at every start and then follows it. So no step is
// there twice, whatever was interrupted, whether its reader purges what a restart repeats or not. Files of earlier starts
// are emptied and not removed: a TensorBoard that is open reads on in the order of names, and stops at a file that is gone.

import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { figuresOf } from '../../evaluate/index.js';
import { addTo, makeFolder } from '../../files/files.js';
import { type BoardEvent, eventRecord, startEventFile } from '../../format/index.js';
import type { RunFolder } from '../../weights/store/run-folder.js';
import { type Logged, readLog } from './log.js';

/** TensorBoard reads whatever has `tfevents` in its name, in the order of names; the end says that it is ours. */
const FILE = /^events\.out\.tfevents\.(\d{10})\.uniadapter$/;

/**
 * Writes what happens into the folder `tensorboard` of a run.
 *
 * @returns adds an event, which is in the log already @throws `file` if there is no room or no permission
 */
export function boardOf({ events, tensorboard }: RunFolder): (event: Logged) => Promise<void> {
  let path: string | null = null;
  let step = 0;
  return async (event) => {
    step = stepOf(event, step);
    if (event.type === 'plan') path = await restart(tensorboard, boardEvents(await readLog(events)));
    else if (path) for (const added of boardEvent(event, step)) await addTo(path, eventRecord(added));
  };
}

/** What counts of a log: a start repeats what came after its checkpoint, and always the test. */
export function boardEvents(log: readonly Logged[]): readonly BoardEvent[] {
  let kept: { readonly event: Logged; readonly step: number }[] = [];
  let step = 0;
  for (const event of log) {
    step = stepOf(event, step);
    if (event.type === 'plan') kept = kept.filter((one) => one.step <= step && !isTest(one.event));
    else kept.push({ event, step });
  }
  return kept.flatMap(({ event, step }) => boardEvent(event, step));
}

const isTest = (event: Logged): boolean => event.type === 'evaluation' && event.split === 'test';

/** Updates done when something happens. @param before  at the event before */
function stepOf(event: Logged, before: number): number {
  if (event.type === 'plan') return event.resumedAt;
  return event.type === 'step' ? event.step : before;
}

/** One or none. */
function boardEvent(event: Logged, step: number): BoardEvent[] {
  const scalars = scalarsOf(event);
  return scalars ? [{ seconds: Date.parse(event.time) / 1000, step, scalars: Object.fromEntries(scalars) }] : [];
}

function scalarsOf(event: Logged): (readonly [string, number])[] | null {
  if (event.type === 'step') {
    const losses = Object.entries(event.losses).map(([name, loss]) => [`loss/${name}`, loss] as const);
    return [...losses, ['optimiser/learningRate', event.learningRate]];
  }
  if (event.type !== 'evaluation' || !event.scores) return null;
  return figuresOf(event.scores).map(([name, value]) => [`${event.split}/${name}`, value]);
}

/** A new file with all that counts of before, under a later name than those there are. @returns its path */
async function restart(folder: string, history: readonly BoardEvent[]): Promise<string> {
  await makeFolder(folder);
  const old = (await readdir(folder)).filter((name) => FILE.test(name));
  const now = Date.now() / 1000;
  const seconds = Math.max(Math.floor(now), ...old.map((name) => Number(FILE.exec(name)?.[1]) + 1));
  const path = join(folder, `events.out.tfevents.${String(seconds).padStart(10, '0')}.uniadapter`);
  await addTo(path, Buffer.concat([startEventFile(now), ...history.map(eventRecord)]));
  for (const name of old) await truncate(join(folder, name));
  return path;
}
