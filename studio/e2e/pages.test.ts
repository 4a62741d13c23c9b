import { test } from 'node:test';
import { noBrowser, useBrowser, VIEWS } from './browser.js';
import { checkPage } from './checks.js';

/** By name: the address, and what is there when it is complete. */
const PLACES: Readonly<Record<string, { readonly path: string; readonly complete: string }>> = {
  'search before anything is searched for': { path: '/search', complete: '120 items in sample' },
  'search with hits': { path: '/search?q=a+red+car', complete: 'looked at again' },
  'search without an index': { path: '/search?in=holiday-photos', complete: 'Index 40 files' },
  'search with two adapters': { path: '/search?q=a+red+car&and=none', complete: 'Backbone alone' },
  'search for captions': { path: '/search?like=sample:sample-3&find=captions', complete: 'Captions for this' },
  'search without hits': { path: '/search?q=car&folder=nowhere', complete: 'Nothing fits' },
  'the list of adapters': { path: '/adapters', complete: 'red-cars' },
  'an adapter': { path: '/adapters/red-cars', complete: 'adapter.safetensors' },
  'an adapter that is gone': { path: '/adapters/gone', complete: 'No adapter gone' },
  help: { path: '/help', complete: 'Go to any page' },
  'an address that nothing has': { path: '/nowhere', complete: 'There is nothing at this address' },
};

const look = useBrowser();

for (const [name, { path, complete }] of Object.entries(PLACES))
  for (const view of VIEWS)
    test(`${name} is usable by all at ${view.width} px in ${view.scheme}`, { skip: noBrowser }, () =>
      look(async (visit) => {
        await visit.open(path);
        await visit.page.getByText(complete).first().waitFor();
        await checkPage(visit);
      }, view),
    );
