// Where messages go: a screen, on which one line may be written again and again, or a pipe, which gets plain lines. Nothing
// that comes from files commands it: what is no colour and no line of ours is written out.

import { visibleOutput } from '../../error/index.js';

export interface Terminal {
  readonly write: (text: string) => void;
  /** Whether lines can be rewritten. */
  readonly isScreen: boolean;
  /** Characters a line. */
  readonly columns: () => number;
  readonly colours: boolean;
  /** Milliseconds from any origin. */
  readonly now: () => number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The terminal behind one of the process's streams. Colours follow https://no-color.org and FORCE_COLOR.
 * @param stream for messages `process.stderr`, so that results on stdout can be piped on
 */
export function terminalOf(stream: NodeJS.WriteStream, environment: Environment = process.env): Terminal {
  const isScreen = stream.isTTY === true && environment.TERM !== 'dumb';
  const forced = environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '0';
  return {
    write: (text) => stream.write(visibleOutput(text)),
    isScreen,
    columns: () => stream.columns || 80,
    colours: forced || (isScreen && !environment.NO_COLOR),
    now: () => performance.now(),
  };
}
