// The one error class of the project. An error is data (a code and fields); the sentence is made in one place, safe to show
// whatever the fields are.

import { visible, visibleLines } from './visible.js';

export type ErrorCode =
  | 'internal' // a bug of ours
  | 'shape' // tensors that do not fit together, found while tracing
  | 'parameter' // a checkpoint or adapter that does not fit the model
  | 'format' // bytes that are not what they claim to be
  | 'data' // a manifest, image or caption that cannot be used
  | 'recipe' // a recipe key or value that makes no sense
  | 'file' // missing, unreadable, or no room left
  | 'overflow' // a model's numbers, fine one by one, give none together
  | 'memory' // it would take more than there is; told before anything is taken
  | 'runtime' // the executing engine refused or failed
  | 'denied' // whoever asks has no right to it
  | 'missing' // nothing has the name or id that was asked for
  | 'busy' // too much waits already; later it may be done
  | 'stopped'; // given up, by whoever asked or since it took too long

export interface Problem {
  /** The place: a file and line, a parameter path, an operator and its module. */
  readonly where: string;
  /** What is wrong, in a few words without a full stop. */
  readonly what: string;
  readonly got?: string;
  readonly expected?: string;
  /** What the reader can do about it. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/** Every error that users are meant to see. `message` reads *where: what: got …, expected …; fix*. */
export class UniAdapterError extends Error {
  override readonly name = 'UniAdapterError';
  constructor(
    readonly code: ErrorCode,
    readonly problem: Problem,
  ) {
    super(
      `${visible(problem.where)}: ${reason(problem)}`,
      problem.cause === undefined ? undefined : { cause: problem.cause },
    );
  }
}

/** Throws a {@link UniAdapterError}. */
export function fail(code: ErrorCode, problem: Problem): never {
  throw new UniAdapterError(code, problem);
}

/** A problem in words, for who knows where it is: *what: got …, expected …; fix*. */
export function reason({ what, got, expected, fix }: Omit<Problem, 'where'>): string {
  const details = [got && `got ${visible(got)}`, expected && `expected ${visible(expected)}`]
    .filter(Boolean)
    .join(', ');
  const joint = what.endsWith('\n') ? '' : '; '; // after a table a line of its own
  return `${visibleLines(what)}${details && `: ${details}`}${fix ? joint + visibleLines(fix) : ''}`;
}
