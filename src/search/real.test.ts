// A library from files to hits with a real model, against a search that reads the files.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { runToy, temporaryFolder, toyBackbone, toyData, toyRecipe } from '../node/toy.test-support.js';
import { assertClose } from '../predict/programs/toy.test-support.js';
import { indexFolder, openIndexedSearch, openSearch } from '../verbs/run.js';
import type { IndexEvent } from './events.js';

const root = temporaryFolder();
const adapter = join(root, 'run', 'adapter');
const store = join(root, 'store');
const TEXTS = ['a green square on pink', 'a white square'];
let backbone: string;
let folder: string;
before(async () => {
  backbone = await toyBackbone(join(root, 'backbone'));
  folder = await toyData(join(root, 'pictures'));
  await runToy(toyRecipe(backbone, folder, ['train.epochs=1']), join(root, 'run'));
  await writeFile(join(folder, 'broken.png'), 'no picture');
});

async function indexed(choice: string | null): Promise<readonly IndexEvent[]> {
  const events: IndexEvent[] = [];
  const signal = new AbortController().signal;
  for await (const event of indexFolder({ folder, adapter: choice, backbone, store, signal })) events.push(event);
  return events;
}

for (const [title, choice] of [
  ['the backbone alone', null],
  ['an adapter', adapter],
] as const)
  test(`an index finds what reading the files finds, with both scores: ${title}`, async () => {
    const done = (await indexed(choice)).at(-1);
    assert.deepEqual(done?.type === 'done' && [done.added, done.captions, done.unreadable], [16, 17, 1]);
    const again = (await indexed(choice)).at(-1);
    assert.deepEqual(again?.type === 'done' && [again.added, again.unchanged, again.unreadable], [0, 16, 1]);
    const index = await openIndexedSearch({ folder, adapter: choice, backbone, store });
    const search = await openSearch({ media: folder, adapter: choice, backbone, onProgress: () => {} });
    try {
      for (const text of TEXTS) {
        const [found, expected] = [await index.search(text, 16), await search.search(text, 16)];
        const facts = (hits: typeof found) =>
          hits.map(({ path, rank, firstStageRank }) => ({ path, rank, firstStageRank }));
        assert.deepEqual(facts(found), facts(expected));
        for (const [i, { similarity, match }] of found.entries()) {
          assertClose(similarity, expected[i]?.similarity, 1e-6);
          assertClose(match ?? undefined, expected[i]?.match, 1e-6);
        }
      }
    } finally {
      await Promise.all([index.close(), search.close()]);
    }
  });
