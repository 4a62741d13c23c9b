// What spoils an item of a batch spoils no other one, and models are opened once for a batch.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { temporaryFolder, toyBackbone, toyData } from '../../node/toy.test-support.js';
import { createWork, type Work } from './work.js';

const folder = temporaryFolder();
const nowhere = join(folder, 'nowhere');
let work: Work;
let picture: string;
before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  picture = join(await toyData(join(folder, 'data')), 'red-black.png');
  work = createWork({ backbone, threads: 1, adapterBytes: 2 ** 30, tokenBytes: 2 ** 20 });
});
after(() => work.models.release());

/** What comes of a batch, with the adapters that were opened for it. */
async function resultOf(batch: Parameters<Work['do']>[0]) {
  const open = mock.method(work.models, 'open');
  const replies = await work.do(batch, () => true);
  open.mock.restore();
  return {
    replies: replies.map((reply) => ('value' in reply ? 'a value' : 'error' in reply ? reply.error.code : 'later')),
    opened: open.mock.calls.map(({ arguments: [adapter] }) => adapter),
  };
}

test('an adapter that cannot be opened is tried once, and fails its own items alone', async () => {
  const items = ['red', 'blue', 'green', 'black'];
  assert.deepEqual(await resultOf({ kind: 'text', items, adapters: [null, nowhere, nowhere, null] }), {
    replies: ['a value', 'file', 'file', 'a value'],
    opened: [null, nowhere],
  });
  assert.deepEqual(await resultOf({ kind: 'media', items: [picture, picture], adapters: [nowhere, nowhere] }), {
    replies: ['file', 'file'],
    opened: [nowhere],
  });
});

test('a batch that fails is computed item by item, by the models that are open', async () => {
  const noText = null as unknown as string; // a bug of ours
  assert.deepEqual(await resultOf({ kind: 'text', items: ['red', noText, 'blue'], adapters: [null, null, null] }), {
    replies: ['a value', 'internal', 'a value'],
    opened: [null],
  });
});

test('a batch that nobody waits for ends before its next program, within a text that is being written too', async () => {
  let asked = 0;
  const isWanted = () => ++asked <= 4; // the picture, what the writer sees of it, and two tokens
  const items = [picture, picture];
  const replies = await work.do({ kind: 'caption', items, adapters: [null, null] }, isWanted);
  assert.deepEqual(
    replies.map((reply) => 'error' in reply && reply.error.code),
    ['stopped', 'stopped'],
  );
  assert.equal(asked, 5, 'neither is tried again alone');
  assert.deepEqual((await resultOf({ kind: 'caption', items, adapters: [null, null] })).replies, [
    'a value',
    'a value',
  ]);
});
