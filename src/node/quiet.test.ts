// Nothing leaves the computer: a model answers in every way there is to use one, in a process with an empty home, and all
// that it wrote and connected to is looked at.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createClient } from '../client/index.js';
import { temporaryFolder } from './toy.test-support.js';
import { assertQuiet, noTracer, type Traced, trace } from './trace.test-support.js';

const folder = temporaryFolder();
const photos = join(folder, 'photos');
mkdirSync(photos);
const picture = join(photos, 'red.png');
const square = sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } });
writeFileSync(picture, await square.png().toBuffer());

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const newHome = () => mkdtempSync(join(folder, 'home-'));

test('ask on the command line sends nothing, and leaves nothing', { skip: noTracer }, async () => {
  const home = newHome();
  const asked = trace([source('../cli/cli.ts'), 'ask', picture, 'what color is it'], home);
  const calls = await asked.calls();
  assert.match(asked.said(), /probability/);
  assertQuiet(calls, [join(home, 'tsx-')]);
});

test('nor does a program of others, on its main thread or another', { skip: noTracer }, async () => {
  const home = newHome();
  const program = join(home, 'program.mjs');
  writeFileSync(
    program,
    `import { isMainThread, Worker } from 'node:worker_threads';
    import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))};
    register();
    const { ask } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
    const [first] = await ask(null, ${JSON.stringify(picture)}, ['what color is it'], { backbone: 'tiny' });
    console.log(isMainThread ? 'main' : 'other', first.answers.length);
    if (isMainThread) new Worker(new URL(import.meta.url));`,
  );
  const asked = trace([program], home);
  const calls = await asked.calls();
  assert.equal(asked.said(), 'main 5\nother 5\n');
  assertQuiet(calls, [join(home, 'tsx-')]);
});

test('nor does a server that makes an index and answers', { skip: noTracer }, async () => {
  const home = newHome();
  const state = join(home, 'state');
  const server = trace(
    [source('../cli/cli.ts'), 'serve', photos, '--backbone', 'tiny', '--state', state, '--port', '0'],
    home,
  );
  after(() => server.child.kill('SIGKILL'));
  const client = createClient({ url: await addressOf(server) });
  for await (const _ of client.jobEvents(await firstJob(client))); // until the index is made
  const { upload } = await client.upload(new Blob([await square.png().toBuffer()]));
  const { answered } = await client.ask({ media: { upload }, questions: ['what color is it'] });
  assert.ok(answered[0]?.answers.length);
  server.child.kill('SIGTERM');
  assertQuiet(await server.calls(), [state, join(home, 'tsx-'), join(home, '.tmp')]); // .tmp…: what LanceDB sorts with
});

/** Waits for the index that a server begins with. @returns its id */
async function firstJob(client: ReturnType<typeof createClient>): Promise<string> {
  for (;;) {
    const [job] = await client.jobs();
    if (job) return job.id;
    await setTimeout(50);
  }
}

/** Waits for what a server prints when it listens. */
function addressOf({ child, said }: Traced): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const [, url] = /^Studio +(\S+)$/m.exec(said()) ?? [];
      if (url) resolve(url);
    });
    child.on('close', () => reject(new Error(said())));
  });
}
