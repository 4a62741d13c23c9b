import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Terminal } from '../../cli/terminal/index.js';
import type { LogEntry } from '../../server/index.js';
import { logOn } from './log.js';

const entry: LogEntry = {
  ...{ id: 'a1', method: 'POST', route: '/v1/search', status: 200, ms: 12.5, bytesIn: 40, bytesOut: 2000 },
  adapter: 'red-cars',
};

function written(isScreen: boolean, say: (log: ReturnType<typeof logOn>) => void): string {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const terminal: Terminal = { write, isScreen, columns: () => 80, colours: false, now: () => 0 };
  say(logOn(terminal));
  return text;
}

test('programs read JSON lines', () => {
  const lines = written(false, (log) => {
    log.request(entry);
    log.request({ ...entry, status: 500, error: new TypeError('x is not a function') });
    log.warn('an adapter is left out');
  });
  const [first, second, third] = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { time, level, msg, ...rest } = first;
  assert.deepEqual(rest, entry);
  assert.match(time, /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual([level, msg, second.level, second.err.type], [30, 'request', 50, 'TypeError']);
  assert.match(second.err.stack, /x is not a function/);
  assert.deepEqual([third.level, third.msg], [40, 'an adapter is left out']);
});

test('people read what is slow or wrong, and no line for every picture', () => {
  const lines = written(true, (log) => {
    log.request(entry);
    log.request({ ...entry, method: 'GET', route: '/v1/libraries/{library}/items/{item}/picture' });
    log.request({ ...entry, method: 'GET', route: '/v1/libraries/{library}/items/{item}/picture', status: 404 });
    log.bug(new Error('broken'));
  });
  const [first, second, third] = lines.split('\n');
  assert.match(first ?? '', /^200 POST \/v1\/search under red-cars .*2\.0 kB$/);
  assert.match(second ?? '', /^404 GET .*picture/);
  assert.match(third ?? '', /^error Error: broken/);
});
