// What is embedded, and what is in the table afterwards, after every way a library can change.

import assert from 'node:assert/strict';
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fail } from '../error/index.js';
import { refusal, temporaryFolder } from '../node/toy.test-support.js';
import { openStore } from '../node/vectors/open-store.js';
import { checkLibrary, type IndexOptions, indexLibrary } from './build.js';
import { type FakeEngine, fakeEngine, keyOf, vectorFor } from './engine.test-support.js';
import type { IndexEvent } from './events.js';
import { listIndexes, openIndex } from './index-table.js';
import { itemId } from './scan.js';
import type { VectorStore } from './types.js';

const root = temporaryFolder();
let store: VectorStore;
before(async () => {
  store = await openStore(join(root, 'store'));
});
after(() => store.close());

type Files = Readonly<Record<string, string>>;

async function write(folder: string, files: Files): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const optionsFor = (engine: FakeEngine): IndexOptions => ({
  ...{ engine, store, adapter: null, signal: new AbortController().signal },
});

async function build(name: string, folder: string, options: Partial<IndexOptions> = {}, work = indexLibrary) {
  const engine = fakeEngine();
  const events: IndexEvent[] = [];
  for await (const event of work({ name, folder }, { ...optionsFor(engine), ...options })) events.push(event);
  const of = <T extends IndexEvent['type']>(type: T) =>
    events.filter((event): event is Extract<IndexEvent, { type: T }> => event.type === type);
  const [done] = of('done');
  const { added, changed, moved, removed, unchanged, unreadable } = done ?? of('plan')[0]?.changes ?? ({} as never);
  return {
    events,
    of,
    embedded: engine.embedded.sort(),
    changes: { added, changed, moved, removed, unchanged, unreadable },
  };
}

const NONE = { added: 0, changed: 0, moved: 0, removed: 0, unchanged: 0, unreadable: 0 };

/** Every file and caption that should be there is, with the vector of what it holds now, and nothing else. */
async function assertIndexed(name: string, media: Files, captions: Readonly<Record<string, readonly string[]>> = {}) {
  const table = await openIndex(store, name, await fakeEngine().identity(null));
  const rows = (await table.known()).filter(({ of }) => of !== 'unreadable');
  const wanted = [
    ...Object.entries(media).map(([path, said]) => [path, '', said] as const),
    ...Object.entries(captions).flatMap(([path, texts]) => texts.map((text) => [path, text, text] as const)),
  ];
  const keyOf = (path: string, text: string) => `${path}|${text}`;
  assert.deepEqual(
    rows.map(({ path, text }) => keyOf(path, text)).sort(),
    wanted.map(([path, text]) => keyOf(path, text)).sort(),
  );
  const vectors = await table.vectors(rows.map(({ id }) => id));
  for (const [i, row] of rows.entries()) {
    const [, , said] = wanted.find(([path, text]) => path === row.path && text === row.text) ?? assert.fail();
    assert.deepEqual(vectors[i], vectorFor(said), `${row.path} ${row.text}`);
    assert.equal(row.item, itemId(row.path));
  }
}

test('a library is embedded once, with its captions; the second time nothing is done', async () => {
  const folder = await write(join(root, 'new'), {
    ...{ 'a.png': 'A', 'sub/b.jpg': 'B', 'sub/c.mp4': 'C', 'notes.md': 'no', '.hidden/d.png': 'D' },
    ...{ 'a.txt': 'a cat\n a dog \n\na cat\n', 'sub/b.txt': 'a dog\n' },
  });
  const first = await build('new', folder);
  assert.deepEqual(first.changes, { ...NONE, added: 3 });
  assert.deepEqual(first.embedded, ['a cat', 'a dog', 'a.png', 'b.jpg', 'c.mp4']);
  assert.deepEqual(
    first.of('plan').map(({ files, captions }) => [files, captions]),
    [[3, 3]],
  );
  assert.deepEqual(
    first.of('progress').map(({ phase, done, all }) => [phase, done, all]),
    [
      ['reading', 3, 3],
      ['files', 3, 3],
      ['captions', 2, 2],
    ],
  );
  const captions = { 'a.png': ['a cat', 'a dog'], 'sub/b.jpg': ['a dog'] };
  await assertIndexed('new', { 'a.png': 'A', 'sub/b.jpg': 'B', 'sub/c.mp4': 'C' }, captions);
  const again = await build('new', folder);
  assert.deepEqual([again.embedded, again.changes], [[], { ...NONE, unchanged: 3 }]);
  assert.deepEqual(
    again.events.map(({ type }) => type),
    ['plan', 'done'],
  );
});

test('what was added, changed, removed, moved, copied, touched or exchanged is noticed; only new contents are embedded', async () => {
  const names = ['same', 'changed', 'removed', 'moved', 'copied', 'touched', 'left', 'right'];
  const folder = await write(join(root, 'changing'), Object.fromEntries(names.map((name) => [`${name}.png`, name])));
  await build('changing', folder);
  await write(folder, {
    'new.png': 'new',
    'changed.png': 'other',
    'copy.png': 'copied',
    'left.png': 'right',
    'right.png': 'left',
  });
  await rm(join(folder, 'removed.png'));
  await mkdir(join(folder, 'deep'));
  await rename(join(folder, 'moved.png'), join(folder, 'deep/away.png'));
  await utimes(join(folder, 'touched.png'), 1, 1);
  for (const name of ['left', 'right']) await utimes(join(folder, `${name}.png`), 2, 2);
  const { embedded, changes } = await build('changing', folder);
  assert.deepEqual(embedded, ['changed.png', 'new.png']);
  assert.deepEqual(changes, { added: 2, changed: 3, moved: 1, removed: 1, unchanged: 3, unreadable: 0 });
  await assertIndexed('changing', {
    ...{ 'same.png': 'same', 'changed.png': 'other', 'deep/away.png': 'moved', 'copied.png': 'copied' },
    ...{ 'copy.png': 'copied', 'touched.png': 'touched', 'left.png': 'right', 'right.png': 'left', 'new.png': 'new' },
  });
  const table = await openIndex(store, 'changing', await fakeEngine().identity(null));
  const touched = (await table.known()).find(({ path }) => path === 'touched.png');
  assert.equal(touched?.modified, 1000);
  assert.deepEqual((await build('changing', folder)).changes, { ...NONE, unchanged: 9 });
});

test('captions of a manifest that changed are embedded, those that went are gone, and mistakes in it are told', async () => {
  const line = (image: string, captions: readonly string[]) => JSON.stringify({ image, captions });
  const folder = await write(join(root, 'said'), {
    ...{ 'a.png': 'A', 'b.png': 'B' },
    'manifest.jsonl': [line('a.png', ['one', 'two']), line('./b.png', ['three']), line('gone.png', ['four'])].join(
      '\n',
    ),
  });
  await build('said', folder);
  await assertIndexed('said', { 'a.png': 'A', 'b.png': 'B' }, { 'a.png': ['one', 'two'], 'b.png': ['three'] });
  await write(folder, { 'manifest.jsonl': `${line('a.png', ['two', 'three', 'five'])}\n{"image": 7}\n` });
  const { embedded, of } = await build('said', folder);
  assert.deepEqual(embedded, ['five']);
  assert.match(of('plan')[0]?.problems.join() ?? '', /^manifest\.jsonl, line 2: /);
  await assertIndexed('said', { 'a.png': 'A', 'b.png': 'B' }, { 'a.png': ['two', 'three', 'five'] });
});

test('an unreadable file is told once, and tried again when it changes or when that is asked for', async () => {
  const folder = await write(join(root, 'broken'), { 'a.png': 'A', 'b.png': 'broken', 'b.txt': 'a caption' });
  const first = await build('broken', folder);
  assert.deepEqual(first.of('unreadable'), [{ type: 'unreadable', path: 'b.png', problem: 'is broken' }]);
  assert.deepEqual(first.changes, { ...NONE, added: 1, unreadable: 1 });
  assert.deepEqual(first.embedded, ['a.png', 'b.png'], 'its captions find nothing');
  await assertIndexed('broken', { 'a.png': 'A' });

  const again = await build('broken', folder);
  assert.deepEqual([again.embedded, again.changes], [[], { ...NONE, unchanged: 1, unreadable: 1 }]);
  await rename(join(folder, 'b.png'), join(folder, 'c.png'));
  assert.deepEqual((await build('broken', folder)).changes, { ...NONE, unchanged: 1, unreadable: 1 });
  assert.deepEqual((await build('broken', folder, { retry: true })).embedded, ['c.png']);

  await write(folder, { 'c.png': 'C', 'a.png': 'broken too' });
  const healed = await build('broken', folder);
  assert.deepEqual(healed.changes, { ...NONE, added: 1, unreadable: 1 });
  await assertIndexed('broken', { 'c.png': 'C' });
  assert.deepEqual((await build('broken', folder)).embedded, []);
});

test('an index that is being made is made by one alone; another of the same store may be', async () => {
  const folder = await write(join(root, 'busy'), { 'a.png': 'A' });
  const first = indexLibrary({ name: 'busy', folder }, optionsFor(fakeEngine()));
  await first.next();
  const { code, message } = await refusal(build('busy', folder));
  assert.equal(code, 'file');
  assert.match(
    message,
    /index busy-[0-9a-f]{8}: another process writes it just now: got process \d+ on .*; wait for it/,
  );
  const other = await write(join(root, 'free'), { 'b.png': 'B' });
  assert.equal((await build('free', other)).changes.added, 1);
  await first.return(undefined);
  await build('busy', folder);
  await assertIndexed('busy', { 'a.png': 'A' });
});

test('an interrupted index goes on where it stopped, and every file is embedded once', async () => {
  const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.png`, `${i}`]));
  const folder = await write(join(root, 'long'), files);
  const stop = new AbortController();
  let batches = 0;
  const engine = fakeEngine('k', () => {
    batches++;
    if (batches === 3) stop.abort();
  });
  const stopped = await build('long', folder, { engine, signal: stop.signal });
  assert.equal(stopped.events.at(-1)?.type, 'interrupted');
  assert.equal(engine.embedded.length, 32);
  assert.equal((await listIndexes(store)).find(({ library }) => library === 'long')?.updated, null);
  const rest = await build('long', folder);
  assert.deepEqual(rest.changes, { ...NONE, added: 18, unchanged: 32 });
  assert.equal(rest.embedded.length, 18);
  await assertIndexed('long', files);
});

test('an error keeps what was computed before it', async () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.png`, `${i}`]));
  const folder = await write(join(root, 'failing'), files);
  let batches = 0;
  const engine = fakeEngine('k', () => {
    if (++batches === 2) throw new TypeError('bug');
  });
  await assert.rejects(build('failing', folder, { engine }), /bug/);
  assert.equal((await build('failing', folder)).embedded.length, 4);
});

test('an index waits where the engine has too much to do', async () => {
  const folder = await write(join(root, 'waiting'), { 'a.png': 'A' });
  let asked = 0;
  const engine = fakeEngine('k', () => {
    if (++asked === 1) fail('busy', { where: 'engine', what: 'too many requests wait' });
  });
  assert.deepEqual((await build('waiting', folder, { engine })).changes, { ...NONE, added: 1 });
  assert.equal(asked, 2);
});

test('equal files are embedded once', async () => {
  const folder = await write(join(root, 'equal'), { 'a.png': 'A', 'b.png': 'A', 'c.mp4': 'A' });
  const { embedded, changes } = await build('equal', folder);
  assert.deepEqual([embedded, changes], [['a.png', 'c.mp4'], { ...NONE, added: 3 }]);
  await assertIndexed('equal', { 'a.png': 'A', 'b.png': 'A', 'c.mp4': 'A' });
});

test('a check says what would be done and does nothing', async () => {
  const folder = await write(join(root, 'checked'), { 'a.png': 'A' });
  const fresh = await build('checked', folder, {}, checkLibrary);
  assert.deepEqual([fresh.embedded, fresh.changes], [[], { ...NONE, added: 1 }]);
  assert.deepEqual(
    fresh.events.map(({ type }) => type),
    ['progress', 'plan'],
  );
  assert.ok(!(await listIndexes(store)).some(({ library }) => library === 'checked'));
  await build('checked', folder);
  await write(folder, { 'b.png': 'B' });
  assert.deepEqual((await build('checked', folder, {}, checkLibrary)).changes, { ...NONE, added: 1, unchanged: 1 });
  await assertIndexed('checked', { 'a.png': 'A' });
});

test('each adapter has an index of its own; one that was trained anew replaces that of its former self', async () => {
  const folder = await write(join(root, 'adapted'), { 'a.png': 'A' });
  const made = async () =>
    (await listIndexes(store)).filter(({ library }) => library === 'adapted').map(({ key }) => key);
  await build('adapted', folder);
  await build('adapted', folder, { engine: fakeEngine('old'), adapter: 'cars', adapterName: 'cars' });
  assert.deepEqual((await made()).sort(), [keyOf('k', null), keyOf('old', 'cars')].sort());
  await build('adapted', folder, { engine: fakeEngine('new'), adapter: 'cars', adapterName: 'cars' });
  assert.deepEqual((await made()).sort(), [keyOf('k', null), keyOf('new', 'cars')].sort());
  const error = await refusal(openIndex(store, 'adapted', await fakeEngine('other').identity('boats')));
  assert.equal(error.code, 'missing');
  assert.match(
    error.message,
    /^library adapted: has no index under this model: got one under the backbone alone, adapter cars; make one with uniadapter index$/,
  );
});

test('an index that says it was made with another model is refused', async () => {
  const folder = await write(join(root, 'mixed'), { 'a.png': 'A' });
  await build('mixed', folder);
  const { table } = (await listIndexes(store)).find(({ library }) => library === 'mixed') ?? assert.fail();
  await store.table(table, 8, { backbone: 'another' });
  const error = await refusal(build('mixed', folder));
  assert.equal(error.code, 'format');
  assert.match(error.message, /made with another model, by its backbone; embeddings .* got another, expected b; make/);
});

test('a library may move; another folder of its name is refused', async () => {
  const folder = await write(join(root, 'here'), { 'a.png': 'A' });
  await build('place', folder);
  const other = await write(join(root, 'there'), { 'b.png': 'B' });
  const error = await refusal(build('place', other));
  assert.match(
    error.message,
    /^library place: is the name of another folder in this store: got .*there, expected .*here; give/,
  );
  await rm(other, { recursive: true });
  await rename(folder, other);
  const { embedded, changes } = await build('place', other);
  assert.deepEqual([embedded, changes], [[], { ...NONE, unchanged: 1 }]);
});

test('a name that is not fit for file names is refused', async () => {
  const folder = await write(join(root, 'named'), { 'a.png': 'A' });
  for (const name of ['', '../up', 'a b', 'x'.repeat(65)]) {
    const error = await refusal(build(name, folder));
    assert.match(error.message, /^library .*: this name is not fit for file names: got .*, expected letters, digits/);
  }
});

test('a library that is gone or holds nothing is refused, and its index stays', async () => {
  const folder = await write(join(root, 'emptied'), { 'a.png': 'A' });
  await build('emptied', folder);
  await rm(join(folder, 'a.png'));
  assert.match((await refusal(build('emptied', folder))).message, /holds no images or clips/);
  await rm(folder, { recursive: true });
  assert.match((await refusal(build('emptied', folder))).message, /does not exist/);
  await assertIndexed('emptied', { 'a.png': 'A' });
});
