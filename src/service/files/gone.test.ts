import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fail } from '../../error/index.js';
import { refuse } from '../../files/files.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { using } from '../libraries/used.js';
import { refuseUnread } from './gone.js';

const folder = temporaryFolder();
const error = (code: string) => Object.assign(new Error(code), { code, syscall: 'open' });

test('a file that is gone is missing, one that may not be read is unusable, and a shortage passes', async () => {
  const said = async (given: unknown) =>
    (await refusal(Promise.resolve().then(() => refuseUnread(given, { where: 'item a', fix: 'look again' })))).code;
  for (const code of ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR']) assert.equal(await said(error(code)), 'missing', code);
  for (const code of ['EACCES', 'EPERM', 'EIO']) assert.equal(await said(error(code)), 'data', code);
  for (const code of ['EMFILE', 'ENFILE']) assert.equal(await said(error(code)), 'busy', code);
  const named = join(folder, 'none');
  const ours = await refusal(readFile(named).catch((cause) => refuse(cause, named, 0)));
  assert.equal(await said(ours), 'missing', 'also when it has been put into words');
  await assert.rejects(said(new TypeError('a bug')), TypeError);
});

test('an adapter or a file that goes while models use it is missing by its name', async () => {
  const media = [{ upload: 'u' }];
  const gone = async (what: 'adapter' | 'upload' | null) => {
    let isGone = false;
    const look = <T>(name: string, value: T): Promise<T> =>
      isGone && what === name ? Promise.reject(refusalOf(name)) : Promise.resolve(value);
    const used = {
      adapters: { choice: () => look('adapter', '/adapters/a') },
      mediaFile: () => look('upload', { path: '/uploads/u', kind: 'image' as const }),
    };
    return refusal(
      using({ adapter: 'a', media }, used, async () => {
        isGone = true;
        return fail('file', { where: '/adapters/a/adapter.json', what: 'does not exist' });
      }),
    );
  };
  assert.match((await gone('adapter')).message, /^adapter: went away/);
  assert.match((await gone('upload')).message, /^upload: went away/);
  assert.equal((await gone(null)).code, 'data', 'what is there and cannot be read is no fault of the server');
});

function refusalOf(name: string): Error {
  try {
    return fail('missing', { where: name, what: 'went away' });
  } catch (error) {
    return error as Error;
  }
}
