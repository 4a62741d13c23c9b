// The core runs where there is no Node: bundled as a page's bundler does, in a realm with nothing but ECMAScript and the few
// web standards of types/platform.d.ts, it does what it does here.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { type Files, useCore } from './core.js';

const kept = new URL('../kept/versions/0.1.0/', import.meta.url);

async function filesIn(folder: string): Promise<Files> {
  const place = new URL(folder, kept);
  const names = await readdir(place);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, [...(await readFile(new URL(name, place)))]] as const)),
  );
}

test('a bundle of the core opens, traces, differentiates, lowers, tokenises and preprocesses without Node', async () => {
  const { outputFiles } = await build({
    ...{ bundle: true, write: false, format: 'iife', globalName: 'core', platform: 'browser', logLevel: 'silent' },
    entryPoints: [fileURLToPath(new URL('core.ts', import.meta.url))],
  });
  const files = [await filesIn('backbone/'), await filesIn('runs/search/adapter/')] as const;
  const realm = createContext({
    TextEncoder,
    TextDecoder,
    URL,
    performance,
    console,
    AbortController,
    structuredClone,
  });
  for (const name of ['Buffer', 'process', 'require', 'global'])
    assert.equal(runInContext(`typeof ${name}`, realm), 'undefined', name);
  runInContext((outputFiles[0] as { readonly text: string }).text, realm);
  const said = runInContext(`core.useCore(${files.map((some) => JSON.stringify(some)).join()})`, realm) as string;
  assert.deepEqual(JSON.parse(said), JSON.parse(useCore(...files)));
});
