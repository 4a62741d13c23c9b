// What the server says while it runs: JSON lines where a program reads them, short lines where a person does.

import pino from 'pino';
import { styleOf, type Terminal } from '../../cli/terminal/index.js';
import { bytes, duration } from '../../report/page/numbers.js';
import type { LogEntry } from '../../server/index.js';

export interface ServerLog {
  request(entry: LogEntry): void;
  info(text: string): void;
  warn(text: string): void;
  /** What is a bug of ours, or of something below us. */
  bug(error: unknown): void;
}

/** @param terminal  where messages go */
export const logOn = (terminal: Terminal): ServerLog => (terminal.isScreen ? linesOn(terminal) : jsonOn(terminal));

function jsonOn(terminal: Terminal): ServerLog {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write: terminal.write });
  return {
    request({ error, ...entry }) {
      if (error !== undefined) log.error({ ...entry, err: asError(error) }, 'request');
      else log.info(entry, 'request');
    },
    info: (text) => log.info(text),
    warn: (text) => log.warn(text),
    bug: (error) => log.error({ err: asError(error) }, 'bug'),
  };
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** People want to see what is slow or wrong, not every picture. */
function linesOn(terminal: Terminal): ServerLog {
  const { dim, red, yellow } = styleOf(terminal);
  const say = (text: string) => terminal.write(`${text}\n`);
  return {
    request({ id, method, route, status, ms, bytesOut, adapter, error }) {
      if (isQuiet(method, route, status)) return;
      const number = status >= 500 ? red(`${status}`) : status >= 400 ? yellow(`${status}`) : `${status}`;
      const under = adapter === undefined || adapter === 'none' ? '' : ` under ${adapter}`;
      say(`${number} ${method} ${route}${under} ${dim(`${duration(ms / 1000)}, ${bytes(bytesOut)}`)}`);
      if (error !== undefined) say(`${red('error')} ${dim(id)} ${stackOf(error)}`);
    },
    info: say,
    warn: (text) => say(`${yellow('warning')} ${text}`),
    bug: (error) => say(`${red('error')} ${stackOf(error)}`),
  };
}

const isQuiet = (method: string, route: string, status: number): boolean =>
  method === 'GET' && status < 400 && /^page$|picture|media|healthz|readyz|metrics/.test(route);

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
