import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, askingOf } from './place.js';

const at = (address: string) => askingOf(new URL(address, 'http://studio').searchParams);

test('what is asked survives its address, whatever is in names and questions', () => {
  const asking = {
    media: { ref: { library: 'beach', item: 'a/b:c d.jpg' }, kind: 'video', name: 'summer & sun/ä.mp4' },
    ...{ question: 'is it 50 % red? & why', adapter: 'red-cars', second: 'none' },
  } as const;
  assert.deepEqual(at(addressOf(asking)), asking);
});

test('an address without anything is the start', () => {
  assert.deepEqual(at('/ask'), { media: null, question: '', adapter: null, second: null });
  assert.equal(addressOf(at('/ask')), '/ask');
});

test('media without a kind are taken for a picture, and have some name', () => {
  assert.deepEqual(at('/ask?media=upload:7').media, { ref: { upload: '7' }, kind: 'image', name: 'your file' });
});
