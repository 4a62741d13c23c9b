// One line that says where long work stands. On a screen it is rewritten; in a pipe it becomes a plain line now and then.

import type { Status } from '../../predict/programs/progress.js';
import { duration, percent } from '../../report/page/numbers.js';
import { bar } from './bar.js';
import { fit, styleOf } from './style.js';
import type { Terminal } from './terminal.js';

export interface Progress {
  /** What the line says from now on. Cheap: it is drawn only as often as a person can read. */
  readonly update: (status: Status) => void;
  /** A lasting line above the moving one. */
  readonly print: (line: string) => void;
  /** Takes the moving line away. */
  readonly clear: () => void;
}

const REDRAW_MS = 80;
const LINE_MS = 10_000;
const BAR_COLUMNS = 24;

/** Progress on a terminal; nothing is written before the first update. */
export function progressOn(terminal: Terminal): Progress {
  const style = styleOf(terminal);
  const interval = terminal.isScreen ? REDRAW_MS : LINE_MS;
  const estimate = estimator(terminal.now);
  let drawn = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (drawn) terminal.write('\r\x1b[2K');
    drawn = '';
  };
  const draw = (line: string) => {
    terminal.write(`${drawn ? '\r\x1b[2K' : ''}${line}`);
    drawn = line;
  };
  return {
    clear,
    print(line) {
      const before = drawn;
      clear();
      terminal.write(`${line}\n`);
      if (before) draw(before);
    },
    update(status) {
      const secondsLeft = status.secondsLeft ?? estimate(status);
      if (terminal.now() - drawnAt < interval) return;
      drawnAt = terminal.now();
      const { title, done, all, detail = '' } = status;
      const parts = [percent(done, all), left(secondsLeft, done, all), detail].filter(Boolean);
      if (!terminal.isScreen) terminal.write(`${[title, `${done}/${all}`, ...parts].join(' · ')}\n`);
      else draw(fit(`${title} ${bar(done / all, BAR_COLUMNS, style)} ${parts.join(' · ')}`, terminal.columns() - 1));
    },
  };
}

const left = (seconds: number, done: number, all: number): string =>
  done > 0 && done < all && Number.isFinite(seconds)
    ? `${seconds < 10 ? `${Math.ceil(seconds)} s` : duration(seconds)} left`
    : '';

/** Seconds left if the rest goes as fast as what was done since the title first appeared. */
function estimator(now: () => number): (status: Status) => number {
  let start = { title: '', done: 0, at: 0 };
  return ({ title, done, all }) => {
    if (title !== start.title || done < start.done) start = { title, done, at: now() };
    const seconds = (now() - start.at) / 1000;
    return (seconds / (done - start.done)) * (all - done);
  };
}
