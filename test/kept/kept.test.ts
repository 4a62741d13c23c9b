// Files of earlier versions open, and mean what they meant: commands and server say of them what they said when they were new.

import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PLACE, said, unpack } from './said.js';

/** What differs between machines, versions and moments. */
const VOLATILE =
  /^(id|seconds|secondsLeft|stepSeconds|totalSeconds|\w*Seconds|created|finished|updated|modified|time|freeBytes|memoryBytes|peakBytes|version|hardware|parts|embed|nearest|rerank)$/;
/** Relative: other processors add in another order. */
const CLOSE = 1e-3;

const home = process.cwd();
after(() => {
  process.chdir(home);
  return rm(PLACE, { recursive: true });
});

const here = fileURLToPath(new URL('versions', import.meta.url));
const versions = (await readdir(here, { withFileTypes: true })).filter((entry) => entry.isDirectory());

for (const { name } of versions)
  test(`files of ${name} are opened, resumed, searched and served as before`, async () => {
    await unpack(name);
    const before = JSON.parse(await readFile(join(here, name, 'said.json'), 'utf8')) as Readonly<
      Record<string, unknown>
    >;
    const now = await said();
    assert.deepEqual(Object.keys(now), Object.keys(before));
    for (const [what, value] of Object.entries(before)) assertAlike(now[what], value, what);
  });

function assertAlike(now: unknown, before: unknown, where: string): void {
  if (typeof before === 'number' && typeof now === 'number') {
    const error = Math.abs(now - before) / Math.max(1, Math.abs(before));
    assert.ok(error <= CLOSE, `${where}: ${now} instead of ${before}`);
  } else if (typeof before !== 'object' || before === null || typeof now !== 'object' || now === null)
    assert.equal(now, before, where);
  else {
    assert.deepEqual(Object.keys(now), Object.keys(before), where);
    for (const [key, value] of Object.entries(before))
      if (!VOLATILE.test(key)) assertAlike((now as Record<string, unknown>)[key], value, `${where} › ${key}`);
  }
}
