import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestOf, type SearchPlace, searchAddress, searchPlace } from './place.js';

const placeOf = (query: string): SearchPlace => searchPlace(new URLSearchParams(query));

test('an address says all that is searched for, and nothing that goes without saying', () => {
  const query =
    'q=a+red+car&in=photos&with=search&and=clips&folder=sea%2Fsummer&kind=video&from=2026-01-02&page=3&stage=first';
  assert.equal(searchAddress(placeOf(query)), `/search?${query}`);
  assert.equal(searchAddress(placeOf('page=1&stage=final&find=media')), '/search');
});

test('an address with nonsense is a search without it', () => {
  const place = placeOf('kind=sound&from=yesterday&page=-4&like=nothing&find=all');
  assert.deepEqual([place.kind, place.from, place.page, place.like, place.find], [null, null, 1, null, 'media']);
});

test('a day that is named last belongs to what is searched', () => {
  const request = requestOf(placeOf('q=dog&from=2026-03-01&until=2026-03-01'), 'photos', 'none');
  const { from = '', until = '' } = request?.filter ?? {};
  assert.equal(Date.parse(until) - Date.parse(from), 24 * 3600 * 1000);
});

test('nothing is asked of the server while nothing is searched for', () => {
  assert.equal(requestOf(placeOf('q=++'), 'photos', 'none'), null);
});

test('captions are searched for by a picture only, since texts do not match captions', () => {
  assert.equal(requestOf(placeOf('q=dog&find=captions'), 'photos', 'none')?.find, 'media');
  const request = requestOf(placeOf('like=photos:a:1&find=captions'), 'photos', 'none');
  assert.deepEqual(request?.query, { media: { library: 'photos', item: 'a:1' } });
  assert.equal(request?.find, 'captions');
});
