// What the making of an index tells: used unchanged by the command line, the server and the page.

import type { Changes } from './plan.js';

/** What long work is at: reading files to see what changed, embedding them, embedding captions. */
export type Phase = 'reading' | 'files' | 'captions';

export type IndexEvent =
  | {
      readonly type: 'plan';
      /** Images and clips of the library, and captions that came with them. */
      readonly files: number;
      readonly captions: number;
      readonly changes: Changes;
      /** What is wrong with the captions that came along. */
      readonly problems: readonly string[];
    }
  | {
      readonly type: 'progress';
      readonly phase: Phase;
      readonly done: number;
      readonly all: number;
      /** Null while nobody knows. */
      readonly secondsLeft: number | null;
    }
  /** A file that was tried and cannot be read. */
  | { readonly type: 'unreadable'; readonly path: string; readonly problem: string }
  /** What was computed is written; the same again goes on from there. */
  | { readonly type: 'interrupted' }
  | ({
      readonly type: 'done';
      /** Captions in the index. */
      readonly captions: number;
      readonly seconds: number;
    } & Changes);

export type IndexEventOf<T extends IndexEvent['type']> = Extract<IndexEvent, { readonly type: T }>;

/** Progress of work that goes on as fast as it went so far. @param all  in any unit, such as pictures */
export function progressOf(
  phase: Phase,
  all: number,
): (done: number, shown?: readonly [number, number]) => IndexEventOf<'progress'> {
  const start = performance.now();
  return (done, [shownDone, shownAll] = [done, all]) => {
    const seconds = (performance.now() - start) / 1000;
    const secondsLeft = done === 0 ? null : (seconds / done) * (all - done);
    return { type: 'progress', phase, done: shownDone, all: shownAll, secondsLeft };
  };
}
