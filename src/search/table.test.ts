// The laws of vector tables, over LanceDB in a folder and on an object store, over PostgreSQL in this process, and over the
// server that UNIADAPTER_TEST_POSTGRES names, in which they make tables of their own and drop them:
// UNIADAPTER_TEST_POSTGRES=postgres://localhost/test npm test -- src/search

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { refusal, temporaryFolder } from '../node/toy.test-support.js';
import { openStore } from '../node/vectors/open-store.js';
import { startPglite } from '../node/vectors/postgres.test-support.js';
import { startBucket } from './bucket.test-support.js';
import { DAY, nearestOf, toyRow, unitVector } from './rows.test-support.js';
import type { KnownRow, NearestOptions, Neighbour, RowFilter, VectorRow, VectorTable } from './types.js';

const folder = temporaryFolder();
const server = process.env.UNIADAPTER_TEST_POSTGRES;
const WIDTH = 8;
const media: RowFilter = { of: 'media' };
const rows = Array.from({ length: 60 }, (_, i) => toyRow(i, WIDTH));
const captions = rows.slice(0, 20).map((row, i) => ({
  ...row,
  ...({ id: `${row.id}.c`, of: 'caption', text: `caption ${i}`, vector: unitVector(100 + i, WIDTH) } as const),
}));
const query = unitVector(-1, WIDTH);
const first = (limit: number, filter = media): NearestOptions => ({ limit, offset: 0, filter });
const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);
const withoutVector = ({ vector: _, ...row }: VectorRow): KnownRow => row;
const byId = (a: KnownRow, b: KnownRow) => (a.id < b.id ? -1 : 1);

function assertFound(found: readonly Neighbour[], expected: readonly Neighbour[]): void {
  assert.deepEqual(idsOf(found), idsOf(expected));
  for (const [i, { similarity, ...row }] of found.entries()) {
    const { similarity: wanted, ...same } = expected[i] as Neighbour;
    assert.ok(Math.abs(similarity - wanted) < 1e-5, `${similarity} is not ${wanted}`);
    assert.deepEqual(row, same);
  }
}

const bucket = await startBucket();
Object.assign(process.env, bucket.environment);
const postgres = await startPglite();
const ADDRESSES = {
  LanceDB: join(folder, 'vectors'),
  'LanceDB on S3': bucket.address,
  PostgreSQL: postgres.address,
  ...(server && { 'PostgreSQL of yours': server }),
};

for (const [title, address] of Object.entries(ADDRESSES)) {
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  const law = (name: string, check: (table: VectorTable, name: string) => Promise<void>) =>
    test(`${title}: ${name}`, async () => {
      const store = await openStore(address);
      const table = `${prefix} ${name} ${'é'.repeat(40)}`.replace(/[^A-Za-z0-9]+/g, '-');
      try {
        await check(await store.table(table, WIDTH, {}), table);
      } finally {
        await store.close();
      }
    });
  after(async () => {
    const store = await openStore(address);
    for (const { name } of await store.tables()) if (name.startsWith(prefix)) await store.drop(name);
    await store.close();
  });

  law('a new table is empty', async (table) => {
    assert.deepEqual(await table.known(), []);
    assert.equal(await table.count(media), 0);
    assert.deepEqual(await table.nearest(query, first(5)), []);
    assert.deepEqual(await table.vectors(['id1']), [undefined]);
    await table.remove(['id1']);
    await table.put([]);
    await table.optimise();
  });

  law('what is put is known, with its vector, in the order asked for', async (table) => {
    await table.put([...rows, ...captions]);
    const all = [...rows, ...captions].map(withoutVector).sort(byId);
    assert.deepEqual([...(await table.known())].sort(byId), all);
    assert.deepEqual(await table.vectors(['id7', 'nobody', 'id3.c', 'id3']), [
      rows[7]?.vector,
      undefined,
      captions[3]?.vector,
      rows[3]?.vector,
    ]);
  });

  law('a row with an id that is there takes its place; removed rows are gone', async (table) => {
    await table.put(rows.slice(0, 10));
    const other = { ...toyRow(3, WIDTH), path: 'moved.jpg', modified: 0.5, vector: query };
    await table.put([other, toyRow(10, WIDTH)]);
    assert.equal(await table.count(media), 11);
    assertFound(await table.nearest(query, first(1)), [{ ...withoutVector(other), similarity: 1 }]);
    await table.remove(['id3', 'id4', 'nobody']);
    assert.deepEqual(idsOf([...(await table.known())].sort(byId)), [
      'id0',
      'id1',
      'id10',
      'id2',
      'id5',
      'id6',
      'id7',
      'id8',
      'id9',
    ]);
    assert.ok(!idsOf(await table.nearest(query, first(20))).includes('id3'));
  });

  law('nearest is what comparing with every row finds, under each filter', async (table) => {
    await table.put([...rows, ...captions]);
    const filters: readonly RowFilter[] = [
      media,
      { of: 'caption' },
      { of: 'unreadable' },
      { of: 'media', folder: 'sea' },
      { of: 'media', folder: 'sea/far/' },
      { of: 'media', folder: 'se' },
      { of: 'media', folder: '' },
      { of: 'media', kind: 'video' },
      { of: 'media', from: 10 * DAY },
      { of: 'media', until: 10 * DAY },
      { of: 'caption', folder: 'sea', kind: 'image', from: 3 * DAY, until: 15 * DAY },
    ];
    for (const filter of filters)
      for (const exact of [false, true]) {
        const options = { limit: 7, offset: 2, filter, exact };
        assertFound(await table.nearest(query, options), nearestOf([...rows, ...captions], query, options));
        const all = { ...options, limit: 100, offset: 0 };
        assert.equal(await table.count(filter), nearestOf([...rows, ...captions], query, all).length);
      }
  });

  law('unreadable files are rows that are never found among media', async (table) => {
    const broken = toyRow(1, WIDTH, {
      id: 'id1.u',
      of: 'unreadable',
      text: 'is empty',
      vector: new Float32Array(WIDTH),
    });
    await table.put([toyRow(0, WIDTH), broken]);
    assert.deepEqual(idsOf(await table.nearest(query, first(10))), ['id0']);
    assert.equal(await table.count({ of: 'unreadable' }), 1);
    assert.deepEqual(
      (await table.known()).filter(({ of }) => of === 'unreadable'),
      [withoutVector(broken)],
    );
    await table.remove(['id1.u']);
    assert.equal(await table.count({ of: 'unreadable' }), 0);
  });

  law('pages put together are the whole, though many rows are equal', async (table) => {
    const equal = Array.from({ length: 40 }, (_, i) =>
      toyRow(100 + i, WIDTH, { vector: rows[5]?.vector as Float32Array }),
    );
    await table.put([...rows, ...equal]);
    const whole = await table.nearest(query, first(100));
    assertFound(whole, nearestOf([...rows, ...equal], query, first(100)));
    for (const limit of [1, 7, 30]) {
      const pages: Neighbour[] = [];
      for (let offset = 0; offset < 100; offset += limit)
        pages.push(...(await table.nearest(query, { limit, offset, filter: media })));
      assert.deepEqual(idsOf(pages), idsOf(whole));
    }
    assert.deepEqual(await table.nearest(query, { limit: 5, offset: 100, filter: media }), []);
  });

  law('names and captions are any text', async (table) => {
    const names = [`it's`, `"quoted"`, 'per%cent_', 'back\\slash', 'new\nline', '海', '🐈', `'; DROP TABLE x; --`];
    const odd = names.map((name, i) => toyRow(i, WIDTH, { id: name, path: `${name}/${name}.jpg`, text: name }));
    await table.put(odd);
    for (const row of odd) {
      const found = await table.nearest(query, first(5, { of: 'media', folder: row.id }));
      assert.deepEqual(
        found.map(({ similarity: _, ...same }) => same),
        [withoutVector(row)],
      );
      assert.deepEqual(await table.vectors([row.id]), [row.vector]);
    }
    await table.remove(names.slice(1));
    assert.deepEqual(idsOf(await table.known()), [`it's`]);
  });

  law('what is kept with a table is found again, and added to', async (table, name) => {
    await table.put(rows);
    const store = await openStore(address);
    try {
      await store.table(name, WIDTH, { library: 'photos', adapter: `it's` });
      const again = await store.table(name, WIDTH, { adapter: 'none', updated: 'now' });
      assert.deepEqual(
        (await store.tables()).filter((info) => info.name === name),
        [{ name, width: WIDTH, about: { library: 'photos', adapter: 'none', updated: 'now' } }],
      );
      assert.equal(await again.count(media), 60);
    } finally {
      await store.close();
    }
  });

  law('vectors of another width are refused, and nothing is changed by that', async (_, name) => {
    const store = await openStore(address);
    try {
      const error = await refusal(store.table(name, WIDTH + 1, { library: 'other' }));
      assert.equal(error.code, 'format');
      assert.match(error.message, /holds vectors of another width: got 8, expected 9; make the index again/);
      assert.ok(!error.message.includes('secret'));
      assert.deepEqual((await store.tables()).find((info) => info.name === name)?.about, {});
    } finally {
      await store.close();
    }
  });

  law('a dropped table is gone, and another of its name is empty', async (table, name) => {
    await table.put(rows);
    const store = await openStore(address);
    try {
      await store.drop(name);
      await store.drop(name);
      assert.ok(!(await store.tables()).some((info) => info.name === name));
      assert.equal(await (await store.table(name, 3, {})).count(media), 0);
    } finally {
      await store.close();
    }
  });

  law(
    'a table large enough for an index finds most of the nearest, exactly all, and all that pass a narrow filter',
    async (table) => {
      const many = Array.from({ length: 21_000 }, (_, i) => toyRow(i, WIDTH));
      await table.put(many);
      await table.optimise();
      await table.optimise();
      const more = Array.from({ length: 30 }, (_, i) => toyRow(30_000 + i, WIDTH));
      await table.put(more);
      await table.remove(['id0', 'id1']);
      const all = [...many.slice(2), ...more];
      const filters: readonly RowFilter[] = [
        media,
        { of: 'media', folder: 'sea' },
        { of: 'media', from: 30_010 * DAY },
      ];
      for (const filter of filters) {
        const options = { limit: 20, offset: 0, filter };
        const expected = nearestOf(all, query, options);
        assertFound(await table.nearest(query, { ...options, exact: true }), expected);
        const found = new Set(idsOf(await table.nearest(query, options)));
        assert.equal(found.size, expected.length);
        const recall = idsOf(expected).filter((id) => found.has(id)).length / expected.length;
        assert.ok(recall >= 0.9, `recall ${recall}`);
      }
      await table.optimise();
      assert.equal(await table.count(media), 21_028);
    },
  );
}

for (const [address, message] of [
  ['mysql://localhost/x', /store mysql:\/\/localhost\/x: is no address of a store: got mysql:\/\/, expected a folder/],
  [
    'postgres://me:secret@127.0.0.1:1/x',
    /^postgres:\/\/me@127\.0\.0\.1:1\/x: the server cannot be reached: got .*ECONNREFUSED/,
  ],
] as const)
  test(`what cannot be opened says why: ${new URL(address).protocol}`, async () => {
    assert.match((await refusal(openStore(address))).message, message);
  });

test('an object store that does not answer is told in words', async () => {
  process.env.AWS_ENDPOINT = 'http://127.0.0.1:1';
  const { message } = await refusal(openStore('s3://bucket/nowhere')).finally(() =>
    Object.assign(process.env, bucket.environment),
  );
  assert.match(
    message,
    /^s3:\/\/bucket\/nowhere: vectors cannot be kept here: got Connection refused, expected a folder, or/,
  );
});

test('LanceDB on S3: everything is in the bucket', () =>
  assert.ok([...bucket.objects.keys()].some((key) => key.startsWith('vectors/') && key.endsWith('.lance'))));

for (const { close } of [bucket, postgres]) after(close); // when tables are dropped
