import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, bytes, duration, percent } from '../../report/page/numbers.js';
import { bar, fit, frameBars, plain, progressOn, stepsOn, styleOf, type Terminal, table, widthOf } from './index.js';

/** A terminal that remembers what was written, with a clock that is set by hand. */
function fake(given: Partial<Terminal> = {}) {
  const state = { text: '', ms: 0 };
  const terminal: Terminal = {
    write: (text) => {
      state.text += text;
    },
    ...{ isScreen: false, columns: () => 60, colours: false, now: () => state.ms },
    ...given,
  };
  return { terminal, state };
}

test('numbers read like in a text', () => {
  assert.deepEqual([0, 9.94, 59.6, 61, 3600, 7265, Number.NaN].map(duration), [
    '0.0 s',
    '9.9 s',
    '1 min',
    '1 min 1 s',
    '1 h',
    '2 h 1 min',
    '…',
  ]);
  assert.deepEqual([0, 999, 4_784_640, 223.7e6].map(bytes), ['0 B', '999 B', '4.8 MB', '224 MB']);
  assert.deepEqual(
    [percent(1, 240), percent(1, 50), percent(71, 100), percent(0, 0)],
    ['0.42 %', '2.0 %', '71 %', '0 %'],
  );
  assert.deepEqual([0.0005, 1e-5, 2.31415, 0].map(brief), ['0.0005', '1e-5', '2.314', '0']);
});

test('in a pipe, progress is a plain line at once and then one every ten seconds', () => {
  const { terminal, state } = fake();
  const progress = progressOn(terminal);
  for (let done = 0; done <= 250; done++) {
    state.ms = done * 100;
    progress.update({ title: 'epoch 1/2', done, all: 500, detail: 'itc 2.100' });
  }
  progress.clear();
  assert.equal(
    state.text,
    `epoch 1/2 · 0/500 · 0 % · itc 2.100
epoch 1/2 · 100/500 · 20 % · 40 s left · itc 2.100
epoch 1/2 · 200/500 · 40 % · 30 s left · itc 2.100
`,
  );
});

test('on a screen, one line is rewritten, never wider than the screen, and gone at the end', () => {
  const { terminal, state } = fake({ isScreen: true, colours: true, columns: () => 50 });
  const progress = progressOn(terminal);
  for (let done = 0; done < 5; done++) {
    state.ms += 1000;
    progress.update({ title: 'searching', done, all: 5, detail: 'a detail that is much too long for this' });
  }
  progress.print('a lasting line');
  progress.clear();
  const lines = state.text.split('\r\x1b[2K');
  assert.equal(lines.length, 5 + 2);
  for (const line of lines) for (const part of line.split('\n')) assert.ok(widthOf(part) < 50, part);
  assert.ok(state.text.includes('\r\x1b[2Ka lasting line\n'), 'the moving line makes room for the lasting one');
  assert.equal(lines.at(-1), '');
});

test('fast updates are drawn only as often as a person can read', () => {
  const { terminal, state } = fake({ isScreen: true });
  const progress = progressOn(terminal);
  for (let done = 0; done < 1000; done++) {
    state.ms = done;
    progress.update({ title: 'x', done, all: 1000 });
  }
  assert.ok(state.text.split('\r').length < 15);
});

test('steps leave one line each with their result and time, also the one that fails', async () => {
  const { terminal, state } = fake();
  const steps = stepsOn(terminal, 2);
  const result = await steps.run('Search before', async (step) => {
    state.ms += 2500;
    step.summarise('R@1 8 %');
    return 7;
  });
  assert.equal(result, 7);
  await assert.rejects(
    steps.run('Train', () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(
    state.text,
    `1/2 Search before …
1/2 ✓ Search before  R@1 8 %  2.5 s
2/2 Train …
2/2 ✗ Train  0.0 s
`,
  );
});

test('columns align whatever the cells hold: colours, emoji, Chinese', () => {
  const coloured = styleOf({ colours: true });
  const text = table(
    [
      ['name', 'n'],
      [coloured.red('ab'), '7'],
      ['🐱 猫', '1234'],
    ],
    ['left', 'right'],
    coloured,
  );
  assert.equal(plain(text), '  name      n\n  ab        7\n  🐱 猫  1234');
  assert.equal(fit('猫猫猫', 5), '猫猫…');
  assert.equal(plain(bar(0.5, 8, coloured)), '━━━━────');
});

test('weights of frames are bars, of half the height where all are looked at alike', () => {
  assert.equal(frameBars([1, 1, 1]), '▅▅▅');
  assert.equal(frameBars([0, 0.6, 1.4, 2, 8]), '▁▃▆██');
});
