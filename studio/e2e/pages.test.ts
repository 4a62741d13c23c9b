import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noBrowser, useBrowser } from './browser.js';
import { checkAccess, type Place, testPlaces } from './checks.js';

const PLACES: Readonly<Record<string, Place>> = {
  'search before anything is searched for': { path: '/search', complete: '120 items in sample' },
  'search with hits': { path: '/search?q=a+red+car', complete: 'looked at again' },
  'search without an index': { path: '/search?in=holiday-photos', complete: 'Index 40 files' },
  'search with two adapters': { path: '/search?q=a+red+car&and=none', complete: 'Backbone alone' },
  'search for captions': { path: '/search?like=sample:sample-3&find=captions', complete: 'Captions for this' },
  'search without hits': { path: '/search?q=car&folder=nowhere', complete: 'Nothing fits' },
  'the list of adapters': { path: '/adapters', complete: 'red-cars' },
  'an adapter': { path: '/adapters/search', complete: 'adapter.safetensors' },
  'an adapter that answers': { path: '/adapters/answers', complete: 'right answers' },
  'an adapter with a long name': {
    path: '/adapters/photographs-of-the-seaside-in-winter-2026.second-try',
    complete: 'adapter.safetensors',
  },
  help: { path: '/help', complete: 'Go to any page' },
  'an address that nothing has': { path: '/nowhere', complete: 'There is nothing at this address' },
};

const look = useBrowser();

testPlaces(look, PLACES);

test('an adapter that is gone says so', { skip: noBrowser }, () =>
  look(async ({ page, open, complaints }) => {
    await open('/adapters/gone');
    await page.getByText('No adapter gone.').waitFor();
    await checkAccess(page);
    // the browser itself tells of every answer that is no success
    assert.ok(complaints.every((complaint) => complaint.includes('404')));
  }),
);
