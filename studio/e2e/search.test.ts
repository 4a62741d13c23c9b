import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Library } from '../../src/server/schema/index.js';
import { noBrowser, useBrowser, type Visit } from './browser.js';
import { checkPage } from './checks.js';

const look = useBrowser();
const skip = { skip: noBrowser };

/** What the hits show, in order. */
const hits = (page: Page) =>
  page
    .locator('[data-hit]')
    .evaluateAll((found) => found.map((hit) => hit.querySelector('img')?.alt || hit.textContent));

const field = (page: Page) => page.getByRole('textbox', { name: 'What to search for' });
const reranked = (page: Page) => page.getByText('looked at again').waitFor();

test('hits come while one types, first by similarity, then re-ranked, and the address tells the search', skip, () =>
  look(async ({ page, fake, open }) => {
    const goOn = fake.hold('rerank');
    await open('/search');
    await page.keyboard.press('/');
    // slow fingers ask for less than all of it before
    const answered = page.waitForResponse((response) => !!response.request().postData()?.includes('"a red car"'));
    await page.keyboard.type('a red car');
    await answered;
    await page.locator('ol:not([data-old])').waitFor();
    await page.getByText('Looking at the nearest again').waitFor();
    const first = await hits(page);
    goOn();
    await reranked(page);
    assert.notDeepEqual(await hits(page), first);
    assert.match((await hits(page))[0] ?? '', /car/);
    assert.equal(new URL(page.url()).searchParams.get('q'), 'a red car');
    // and back to how it was before
    await page.getByText('Nearest', { exact: true }).click();
    assert.deepEqual(await hits(page), first);
  }),
);

test('re-ranked hits glide to their new places, but not for readers who want things to stand still', skip, async () => {
  const gliding = async ({ page, fake, open }: Visit) => {
    const goOn = fake.hold('rerank');
    await open('/search');
    // animations of hits are counted as they begin, since they are short
    await page.evaluate(() => {
      const animate = Element.prototype.animate;
      const counter = window as unknown as { glides: number };
      counter.glides = 0;
      Element.prototype.animate = function (...args) {
        counter.glides += 1;
        return animate.apply(this, args);
      };
    });
    await field(page).fill('a red car');
    await page.locator('ol:not([data-old])').waitFor();
    goOn();
    await reranked(page);
    // one is opened while they glide, and another: the list is drawn again, but nothing has moved
    await page.evaluate(async () => {
      for (const hit of [...document.querySelectorAll<HTMLElement>('[data-hit]')].slice(0, 3)) {
        hit.click();
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    });
    return page.evaluate(() => (window as unknown as { glides: number }).glides);
  };
  const moves = async (visit: Visit) => {
    const glides = await gliding(visit);
    const all = (await hits(visit.page)).length;
    assert.ok(glides > 3 && glides <= all, `${glides} glides of ${all} hits`);
  };
  await look(moves, { width: 1280, scheme: 'light', moves: true });
  await look(async (visit) => assert.equal(await gliding(visit), 0));
});

test('what is cleared while one still types is not searched for', skip, () =>
  look(async ({ page, open }) => {
    await open('/search');
    await field(page).fill('a red car');
    await page.getByRole('button', { name: 'Clear the text' }).click();
    await page.waitForTimeout(400);
    assert.equal(await field(page).inputValue(), '');
    assert.equal(new URL(page.url()).searchParams.get('q'), null);
  }),
);

test('the answer to an older question never takes the place of a newer one', skip, () =>
  look(async ({ page, open }) => {
    await open('/search');
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/v1/search', async (route) => {
      if (route.request().postData()?.includes('red car')) await held;
      await route.continue().catch(() => {}); // the page may have given it up meanwhile
    });
    const isAsked = page.waitForRequest('**/v1/search');
    await field(page).fill('a red car');
    await isAsked;
    await field(page).fill('a blue boat');
    await reranked(page);
    const newer = await hits(page);
    assert.match(newer[0] ?? '', /blue|boat/);
    release();
    await page.waitForTimeout(600);
    assert.deepEqual(await hits(page), newer);
  }),
);

test('a search that was given up between its two stages is re-ranked when one comes back to it', skip, () =>
  look(async ({ page, fake, open }) => {
    let goOn = fake.hold('rerank');
    await open('/search');
    await field(page).fill('a red car');
    await page.getByText('Looking at the nearest again').waitFor();
    await field(page).fill('a blue boat');
    await page.waitForURL(/q=a\+blue\+boat/);
    goOn();
    await reranked(page);
    goOn = fake.hold('rerank');
    await field(page).fill('a red car');
    await page.waitForURL(/q=a\+red\+car/);
    await page.getByText('Looking at the nearest again').waitFor();
    goOn();
    await reranked(page);
    assert.match((await hits(page))[0] ?? '', /car/);
  }),
);

test('everything can be done with the keyboard: into the hits, through them, one open, closed, back', skip, () =>
  look(async (visit) => {
    const { page, open } = visit;
    await open('/search?q=a+red+car');
    await reranked(page);
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    const focused = () =>
      page.evaluate(() => [...document.querySelectorAll('[data-hit]')].indexOf(document.activeElement as Element));
    assert.equal(await focused(), 0);
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), 1);
    const columns = await page
      .locator('ol')
      .evaluate((list) => getComputedStyle(list).gridTemplateColumns.split(' ').length);
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 1 + columns);
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Rank by similarity').waitFor();
    await checkPage(visit);
    await page.keyboard.press('ArrowRight');
    await drawer
      .getByText(`${3 + columns}`, { exact: true })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  }),
);

test('a clip plays while the pointer is on it, and shows how much each frame counted', skip, () =>
  look(async (visit) => {
    const { page, open } = visit;
    await open('/search?q=a+ball+rises&kind=video&with=clips');
    await reranked(page);
    const hit = page.locator('[data-hit]').first();
    assert.equal(await hit.locator('img').count(), 1);
    await hit.hover();
    await hit.locator('img[src$="/media"]').waitFor();
    await hit.click();
    const frames = page.getByRole('dialog').getByRole('img', { name: /^Frame/ });
    await frames.nth(3).waitFor();
    assert.equal(await frames.count(), 4);
    assert.match((await frames.nth(2).getAttribute('src')) ?? '', /frame=2&frames=4/);
    await checkPage(visit);
  }),
);

test('one searches by a picture of one’s own, and a file that is none says so', skip, () =>
  look(async ({ page, open }) => {
    await open('/search');
    const chooser = page.locator('input[type=file]').first();
    await chooser.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await page.getByText('Upload: is neither a picture nor a clip.').waitFor();
    await chooser.setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.alloc(300, 1) });
    await page.getByText('Pictures and clips like this').waitFor();
    await page.getByText('120 embeddings compared').waitFor();
    assert.match(page.url(), /like=upload%3Au1/);
  }),
);

test('a pasted picture is searched by, wherever the focus is', skip, () =>
  look(async ({ page, open }) => {
    await open('/search');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(200)], 'pasted.png', { type: 'image/png' }));
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.getByText('Pictures and clips like this').waitFor();
  }),
);

test('from a hit one goes to more like it and to captions for it', skip, () =>
  look(async ({ page, open }) => {
    await open('/search?q=a+red+car');
    await reranked(page);
    await page.locator('[data-hit]').first().hover();
    await page.getByRole('button', { name: 'More like this' }).first().click();
    await page.getByText('Pictures and clips like this').waitFor();
    await page.locator('[data-hit]').first().hover();
    await page.getByRole('button', { name: 'Captions for this' }).first().click();
    await page.getByText('Captions for this', { exact: true }).waitFor();
    await reranked(page);
    assert.match((await hits(page))[0] ?? '', /^1a /);
  }),
);

test('two captions of one picture are two hits, each opened and gone past by itself', skip, () =>
  look(async ({ page, open }) => {
    await open('/search?like=sample:sample-3&find=captions');
    await reranked(page);
    const pictures = await page
      .locator('[data-hit] img')
      .evaluateAll((images) => images.map((image) => image.getAttribute('src') ?? ''));
    const again = pictures.findIndex((picture, i) => pictures.indexOf(picture) < i);
    assert.ok(again > 0 && again < pictures.length - 1, `${again}`);
    await page.locator('[data-hit]').nth(again).click();
    const rank = page.getByRole('dialog').locator('dt:text-is("Rank") + dd');
    await rank.waitFor();
    assert.equal(await rank.textContent(), `${again + 1}`);
    await page.keyboard.press('ArrowRight');
    assert.equal(await rank.textContent(), `${again + 2}`);
  }),
);

test('two adapters beside each other show what moved between them', skip, () =>
  look(async ({ page, open }) => {
    await open('/search?q=a+red+car');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('menuitem', { name: 'Backbone alone' }).click();
    const other = page.getByRole('region', { name: 'Backbone alone' });
    await other.locator('[data-hit]').first().waitFor();
    await other
      .getByText(/rank.* than with search|^new$/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await other.waitFor({ state: 'detached' });
  }),
);

test('of adapters with an index, one for what most of the library is is taken by itself', skip, () =>
  look(async ({ page, fake, open }) => {
    fake.state.adapters.sort((a, b) => (b.frames ?? 0) - (a.frames ?? 0)); // those for clips first
    const current = (library: Library) => library.indexes.map((index) => ({ ...index, isCurrent: true }));
    fake.state.libraries = fake.state.libraries.map((library) => ({ ...library, indexes: current(library) }));
    await open('/search');
    await page.getByText('120 items').waitFor();
    assert.equal(await page.getByRole('combobox', { name: 'Adapter' }).inputValue(), 'search');
  }),
);

test('where the backbone has not learnt to search, it is not offered', skip, () =>
  look(async ({ page, fake, open }) => {
    const { info } = fake.state;
    fake.state.info = { ...info, backbone: { ...info.backbone, tasks: ['answering'] } };
    await open('/search?q=a+red+car');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('menuitem').nth(1).waitFor();
    assert.deepEqual(await page.getByRole('menuitem').allTextContents(), ['clips', 'red-cars']);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Adapter' }).click();
    await page.getByRole('option', { name: /^search/ }).waitFor();
    assert.equal(await page.getByRole('option', { name: /^Backbone alone/ }).count(), 0);
  }),
);

test('filters narrow a search, are told by the address and can be cleared', skip, () =>
  look(async (visit) => {
    const { page, open } = visit;
    await open('/search?q=a+red+car');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByText('Clips', { exact: true }).click();
    await page.waitForURL(/kind=video/);
    await page.getByRole('combobox', { name: 'Folder' }).click();
    const option = page.getByRole('option', { name: 'outdoors', exact: true });
    await option.hover(); // once the list stands still where it belongs
    await checkPage(visit);
    await option.click();
    await page.getByText('No picture or clip passes the filters.').waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.locator('[data-hit]').first().waitFor();
  }),
);

test('a library without an index is indexed from the page, which shows how far it is', skip, () =>
  look(async ({ page, open }) => {
    await open('/search?in=holiday-photos&q=boat');
    await page.getByRole('button', { name: 'Index 40 files' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.locator('[data-hit]').first().waitFor();
  }),
);

test('pages are turned, and each has an address', skip, () =>
  look(async ({ page, open }) => {
    await open('/search?q=a+red+car');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.waitForURL(/page=2/);
    await page.locator('[data-hit]').first().getByText('25', { exact: true }).waitFor();
    await page.goBack();
    await page.locator('[data-hit]').first().getByText('1', { exact: true }).waitFor();
  }),
);

test('what the server refuses is told with what to do about it, and can be tried again', skip, () =>
  look(async ({ page, fake, open }) => {
    const problem = { status: 503, code: 'busy', what: 'too many requests wait', fix: 'try again in a moment' };
    fake.state.problems.set('POST /v1/search', problem);
    await open('/search?q=dog');
    await page.getByRole('alert').getByText('Too many requests wait.').waitFor();
    await page.getByText('Try again in a moment.').waitFor();
    fake.state.problems.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-hit]').first().waitFor();
  }),
);

test('while the server takes its time, the page says that it is loading, and without anything what to do', skip, () =>
  look(async (visit) => {
    const { page, fake, open } = visit;
    const answer = fake.hold('GET /v1/libraries');
    fake.state.libraries = [];
    await page.goto(`${fake.url}/search`);
    await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor();
    answer();
    await page.getByText('There is nothing to search yet').waitFor();
    await open('/search');
    await checkPage(visit);
  }),
);
