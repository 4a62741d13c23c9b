import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { safeParse } from './index.js';

const schema = z.strictObject({ name: z.string().min(1).max(9), list: z.array(z.int()).length(2) });

test('what fits and what does not is as the schema says', () => {
  assert.deepEqual(safeParse(schema, { name: 'a', list: [1, 2] }).data, { name: 'a', list: [1, 2] });
  const wrong = { name: '', list: { length: '2' } };
  assert.deepEqual(safeParse(schema, wrong), schema.safeParse(wrong));
});

test('a length that no number can be made of is a mismatch, and told where it is', () => {
  const noNumber = JSON.parse('{"toString":1,"valueOf":1}');
  for (const length of [noNumber, [noNumber]]) {
    assert.throws(() => schema.safeParse({ name: { length } }), TypeError); // or this file is needed no more
    const { error } = safeParse(schema, { name: 'a', list: { length } });
    assert.deepEqual(
      error?.issues.map(({ path, message }) => [path.join('.'), message]),
      [['list.length', 'is no length: a list or an object']],
    );
  }
});

test('bugs of a schema’s own stay bugs', () => {
  const broken = z.unknown().transform(() => (undefined as unknown as string).length);
  assert.throws(() => safeParse(broken, { length: 3 }), TypeError);
});
