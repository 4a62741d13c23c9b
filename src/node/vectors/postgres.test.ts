// What takes more than one connection to PostgreSQL.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { refusal } from '../toy.test-support.js';
import { claimIn, connectionsTo } from './postgres.js';
import { noPostgres, startPostgres } from './postgres.test-support.js';

const LOSE = "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'";

test('of two that index the same library one does it, and the other is told; with its connection the lock ends', {
  skip: noPostgres,
}, async () => {
  const server = await startPostgres();
  after(server.close);
  const [one, other] = [connectionsTo(server.address), connectionsTo(server.address)];
  after(() => Promise.all([one.end(), other.end()]));
  const first = await claimIn(one, 'photos');
  const { code, message } = await refusal(claimIn(other, 'photos'));
  assert.equal(code, 'file');
  assert.match(
    message,
    /^index photos: another process writes it just now: got one with its own connection.*; wait for/,
  );
  await using _ = await claimIn(other, 'drawings');
  await first[Symbol.asyncDispose]();
  await using _lost = await claimIn(other, 'photos');
  await refusal(claimIn(one, 'photos'));
  await one.query(LOSE);
  await using _again = await claimIn(one, 'photos');
});
