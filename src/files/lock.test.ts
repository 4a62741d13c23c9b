// Locks between processes: one holder at a time, however the last one ended.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hold, inTurn, type Purpose, takeLock } from './lock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

const purpose: Purpose = { where: 'runs/a', what: 'another process trains there', fix: 'wait for it' };

/** A process with {@link takeLock}; it says a line at a time. */
function start(program: string): ChildProcess & { readonly said: Promise<string> } {
  const module = JSON.stringify(new URL('./lock.ts', import.meta.url).href);
  const text = `import { hold, inTurn, takeLock } from ${module};\nconst path = ${JSON.stringify(path)};\n${program}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', text];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = once(child.stdout as NonNullable<typeof child.stdout>, 'data').then(String);
  return Object.assign(child, { said });
}

const HOLDS = "const lock = await takeLock(path); console.log(lock ? 'mine' : 'taken'); setInterval(() => lock, 1e6);";

test('a lock is one holder’s, and is there again when it was given up', async () => {
  const lock = await takeLock(path);
  assert.ok(lock);
  assert.equal(await takeLock(path), null);
  await lock[Symbol.asyncDispose]();
  assert.deepEqual(await readdir(folder), []);
  const again = await takeLock(path);
  await (again ?? assert.fail())[Symbol.asyncDispose]();
});

test('who comes second is told who was first, since when, and where', async () => {
  const child = start(HOLDS);
  assert.equal(await child.said, 'mine\n');
  await assert.rejects(hold(path, purpose), (error: Error) => {
    const pattern = new RegExp(
      `^runs/a: another process trains there: got process ${child.pid} on \\S+, since \\d{4}-.*Z; wait for it$`,
    );
    assert.match(error.message, pattern);
    return true;
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await hold(path, purpose);
  await lock[Symbol.asyncDispose]();
});

test('what is in a file that was left behind decides nothing', async () => {
  await writeFile(path, `${process.pid}`); // a number that is in use again
  await using lock = await takeLock(path);
  assert.ok(lock);
  assert.match(await readFile(path, 'utf8'), /^process \d+ on .*\n$/);
});

test('the lock of a killed process is taken over by exactly one of many', async () => {
  const RACERS = 6;
  const ROUNDS = 40;
  for (let round = 0; round < 2; round++) {
    const first = start(HOLDS);
    await first.said;
    first.kill('SIGKILL');
    await once(first, 'exit');
    // each tries often; who has it counts how many have it with it
    const racers = Array.from({ length: RACERS }, () =>
      start(`
        import { openSync, closeSync, unlinkSync } from 'node:fs';
        import { setTimeout } from 'node:timers/promises';
        let [wins, clashes] = [0, 0];
        for (let i = 0; i < ${ROUNDS}; i++) {
          const lock = await takeLock(path);
          if (!lock) { await setTimeout(Math.random() * 3); continue; }
          wins++;
          try { closeSync(openSync(path + '.inside', 'wx')); } catch { clashes++; }
          await setTimeout(Math.random() * 2);
          try { unlinkSync(path + '.inside'); } catch { clashes++; }
          await lock[Symbol.asyncDispose]();
        }
        console.log(JSON.stringify({ wins, clashes }));`),
    );
    const results = await Promise.all(racers.map(async ({ said }) => JSON.parse(await said)));
    assert.equal(
      results.reduce((sum, { clashes }) => sum + clashes, 0),
      0,
      JSON.stringify(results),
    );
    assert.ok(results.reduce((sum, { wins }) => sum + wins, 0) >= 1);
    assert.deepEqual(await readdir(folder), []);
  }
});

test('those who wait for their turn come one after another', async () => {
  const work = `
    import { readFile, writeFile } from 'node:fs/promises';
    for (let i = 0; i < 10; i++)
      await inTurn(path, async () => {
        const counted = Number(await readFile(path + '.count', 'utf8'));
        await writeFile(path + '.count', String(counted + 1));
      });
    console.log('done');`;
  await writeFile(`${path}.count`, '0');
  await Promise.all(Array.from({ length: 3 }, () => start(work).said));
  assert.equal(await readFile(`${path}.count`, 'utf8'), '30');
  assert.equal(await inTurn(path, async () => 7), 7);
  await assert.rejects(
    inTurn(path, () => Promise.reject(new Error('mine'))),
    /mine/,
  );
  assert.deepEqual(await readdir(folder), ['lock.count']);
});
