import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fail } from '../../error/index.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import type { Job, NumberedEvent } from '../../server/index.js';
import { isOver } from './job-log.js';
import { type Jobs, openJobs, type Work } from './jobs.js';

const folder = temporaryFolder();
const never = new AbortController().signal;
const asked = (title: string) => ({ kind: 'index' as const, title, request: { library: title, adapter: 'none' } });

/** Counts to three, a step each time it is let; notes what runs. */
function counting() {
  const running: string[] = [];
  let most = 0;
  const steps: (() => void)[] = [];
  const work: Work = async (job, tell, signal) => {
    running.push(job.title);
    most = Math.max(most, running.length);
    try {
      for (let done = job.done + 1; done <= 3; done++) {
        await new Promise<void>((resolve) => {
          steps.push(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        if (signal.aborted) return 'stopped';
        tell.event({ type: 'unreadable', path: `${done}`, problem: 'is broken' });
        tell.progress(done, 3, 3 - done);
      }
      return 'done';
    } finally {
      running.pop();
    }
  };
  const step = async () => {
    for (let i = 0; steps.length === 0 && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    steps.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { work, step, most: () => most };
}

const failOn = (error: unknown) => assert.fail(`a bug: ${error}`);

/** What a full disk would do to a job's events. */
const loseFolder = (name: string) => rm(join(folder, name), { recursive: true });

const warnings: string[] = [];
const open = (name: string, work: Work, onBug: (error: unknown) => void = failOn): Promise<Jobs> =>
  openJobs({
    folder: join(folder, name),
    work: { index: work, train: work },
    onBug,
    warn: (text) => warnings.push(text),
  });

async function over(jobs: Jobs, id: string): Promise<Job> {
  for await (const _ of jobs.events(id, 0, never)); // ends with the job
  return jobs.job(id);
}

test('jobs run one at a time, in the order they were asked for', async () => {
  const { work, step, most } = counting();
  const jobs = await open('order', work);
  const [first, second] = [await jobs.start(asked('a')), await jobs.start(asked('b'))];
  assert.deepEqual([first.state, second.state], ['waiting', 'waiting']);
  for (let i = 0; i < 6; i++) await step();
  assert.deepEqual([(await over(jobs, first.id)).state, (await over(jobs, second.id)).state], ['done', 'done']);
  assert.equal(most(), 1);
  assert.deepEqual(
    jobs.list().map(({ title }) => title),
    ['b', 'a'],
    'the newest first',
  );
  await jobs.close();
});

test('a training that runs is stopped and finished; one that was stopped is finished, or goes on after all', async () => {
  const requests: unknown[] = [];
  const work: Work = async ({ request }, tell, signal) => {
    requests.push(request.finish ?? false);
    if (request.finish) return 'done';
    tell.progress(1, 3, null);
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return 'stopped';
  };
  const jobs = await open('finish', work);
  const training = { ...asked('a'), kind: 'train' as const };
  const running = async () => {
    const { id } = await jobs.start(training);
    for await (const { event } of jobs.events(id, 0, never)) if (event.type === 'job' && event.job.done > 0) break;
    return id;
  };
  const first = await running();
  await jobs.finish(first);
  assert.equal((await over(jobs, first)).state, 'done');
  const second = await running();
  await jobs.stop(second);
  await jobs.finish(second);
  assert.equal((await over(jobs, second)).state, 'done');
  assert.deepEqual(requests, [false, true, false, true]);
  await assert.rejects(jobs.finish(second), /cannot be finished: got done, expected a training that runs/);
  const { id } = await jobs.start(asked('index'));
  await assert.rejects(jobs.finish(id), /cannot be finished: got index/);
  await jobs.close();
});

test('listeners get every event once, in order, whenever they come, and from where they left', async () => {
  const { work, step } = counting();
  const jobs = await open('events', work);
  const { id } = await jobs.start(asked('a'));
  const collect = async (after: number) => {
    const events: NumberedEvent[] = [];
    for await (const event of jobs.events(id, after, never)) events.push(event);
    return events;
  };
  const early = collect(0);
  await step();
  const middle = collect(3);
  await step();
  await step();
  const all = await early;
  assert.deepEqual(
    all.map((event) => event.id),
    all.map((_, i) => i + 1),
  );
  assert.deepEqual(all.slice(3), await middle);
  assert.deepEqual(all, await collect(0), 'after the end all are there at once');
  const unreadable = all.flatMap(({ event }) => (event.type === 'unreadable' ? [event.path] : []));
  assert.deepEqual(unreadable, ['1', '2', '3']);
  const last = all.at(-1)?.event;
  assert.equal(last?.type === 'job' && last.job.state, 'done');
  const leaving = new AbortController();
  leaving.abort();
  for await (const _ of jobs.events(id, 0, leaving.signal)) assert.fail('nobody listens');
  await jobs.close();
});

test('a job can be stopped while it runs or waits, and resumed', async () => {
  const { work, step } = counting();
  const jobs = await open('stop', work);
  const [first, second] = [await jobs.start(asked('a')), await jobs.start(asked('b'))];
  assert.equal((await jobs.stop(second.id)).state, 'stopped');
  await step();
  assert.equal((await jobs.stop(first.id)).state, 'stopped');
  assert.equal((await refusal(jobs.resume('no-such-job'))).code, 'missing');
  assert.match((await jobs.resume(first.id)).state, /waiting|running/);
  for (let i = 0; i < 3; i++) await step();
  assert.equal((await over(jobs, first.id)).state, 'done');
  assert.equal((await refusal(jobs.resume(first.id))).code, 'recipe');
  await jobs.remove(second.id);
  assert.equal((await refusal(Promise.resolve().then(() => jobs.job(second.id)))).code, 'missing');
  await jobs.close();
});

test('after a crash, what ran is stopped, what waited goes on, and a line that was cut off is forgotten', async () => {
  const { work, step } = counting();
  const before = await open('restart', work);
  const [ran, waited] = [await before.start(asked('a')), await before.start(asked('b'))];
  await step();
  await appendFile(join(folder, 'restart', `${ran.id}.jsonl`), '{"id":99,"event":{"type":"jo'); // and no more
  const later = counting();
  const jobs = await open('restart', later.work);
  assert.equal(jobs.job(ran.id).state, 'stopped');
  for (let i = 0; i < 3; i++) await later.step();
  assert.equal((await over(jobs, waited.id)).state, 'done');
  const events: NumberedEvent[] = [];
  for await (const event of jobs.events(ran.id, 0, never)) events.push(event);
  assert.deepEqual(
    events.map((event) => event.id),
    events.map((_, i) => i + 1),
  );
  await jobs.close();
});

test('lines of a job that were damaged are told, and so is a file that holds none', async () => {
  const { work, step } = counting();
  const before = await open('damaged', work);
  const { id } = await before.start(asked('a'));
  for (let i = 0; i < 3; i++) await step();
  await over(before, id);
  await before.close();
  const path = join(folder, 'damaged', `${id}.jsonl`);
  await appendFile(path, '{"id":"7","event":4}\nnothing\n');
  await writeFile(join(folder, 'damaged', 'other.jsonl'), '{}\n');
  await mkdir(join(folder, 'damaged', 'folder.jsonl'));
  warnings.length = 0;
  const jobs = await open('damaged', work);
  assert.deepEqual(
    jobs.list().map((job) => job.id),
    [id],
  );
  assert.deepEqual(
    warnings.sort().map((text) => text.replace(/^.*\//, '')),
    [
      'folder.jsonl: is a folder, expected a file; it is left as it is',
      `${id}.jsonl: 2 of its lines cannot be read, and are left out`,
      'other.jsonl: 1 of its lines cannot be read, and are left out',
      'other.jsonl: holds no job that can be read; it is left as it is',
    ].sort(),
  );
  await jobs.close();
});

test('closing stops what runs; what waits is there again', async () => {
  const { work } = counting();
  const jobs = await open('close', work);
  const [ran, waits] = [await jobs.start(asked('a')), await jobs.start(asked('b'))];
  await jobs.close();
  assert.deepEqual([jobs.job(ran.id).state, jobs.job(waits.id).state], ['stopped', 'waiting']);
  assert.equal((await readdir(join(folder, 'close'))).length, 2);
});

test('a job that fails says why; a bug is told to the log as well', async () => {
  const bugs: unknown[] = [];
  const works: Work[] = [
    async () => fail('data', { where: 'photos', what: 'is empty' }),
    async () => {
      throw new TypeError('x is not a function');
    },
  ];
  const jobs = await open(
    'fail',
    (...given) => (works.shift() as Work)(...given),
    (error) => bugs.push(error),
  );
  const [first, second] = [await jobs.start(asked('a')), await jobs.start(asked('b'))];
  const [one, other] = [await over(jobs, first.id), await over(jobs, second.id)];
  assert.deepEqual([one.state, one.error], ['failed', 'photos: is empty']);
  assert.deepEqual([other.state, other.error], ['failed', 'x is not a function']);
  assert.equal(bugs.length, 1);
  assert.ok(isOver(other));
  await jobs.close();
});

test('events that cannot be written down are told, and end neither the job nor the process', async () => {
  const bugs: unknown[] = [];
  let ended = false;
  const jobs = await open(
    'full',
    async (_, tell) => {
      await loseFolder('full');
      for (const path of ['a', 'b']) tell.event({ type: 'unreadable', path, problem: 'is broken' });
      ended = true;
      return 'done';
    },
    (error) => bugs.push(error),
  );
  await jobs.start(asked('photos'));
  for (let i = 0; bugs.length < 2 && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(ended && bugs.length >= 2, `${bugs.length}`);
  await jobs.close();
});
