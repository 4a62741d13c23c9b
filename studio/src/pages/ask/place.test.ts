import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, askingOf } from './place.js';

const at = (address: string) => askingOf(new URL(address, 'http://studio').searchParams);

test('what is asked survives its address, whatever is in names and questions', () => {
  const asking = {
    media: { ref: { upload: '7:a b' }, kind: 'video', name: 'summer & sun/ä.mp4' },
    ...{ question: 'is it 50 % red? & why', adapter: 'red-cars', second: 'none' },
  } as const;
  assert.deepEqual(at(addressOf(asking)), asking);
});

test('an address without anything is the start', () => {
  assert.deepEqual(at('/ask'), { media: null, question: '', adapter: null, second: null });
  assert.equal(addressOf(at('/ask')), '/ask');
});

test('of what is in a library only the place is said', () => {
  const media = { ref: { library: 'beach', item: 'a/b:c.jpg' }, kind: 'video', name: 'c.jpg' } as const;
  const address = addressOf({ media, question: '', adapter: null, second: null });
  assert.equal(address, '/ask?media=beach%3Aa%2Fb%3Ac.jpg');
  assert.deepEqual(at(address).media?.ref, media.ref);
});

test('media without a kind are taken for a picture, and have some name', () => {
  assert.deepEqual(at('/ask?media=upload:7').media, { ref: { upload: '7' }, kind: 'image', name: 'your file' });
});
