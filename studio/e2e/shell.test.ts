import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookIn, noBrowser, useBrowser, VIEWS } from './browser.js';
import { checkAccess, checkPage, checkWidth } from './checks.js';

const look = useBrowser();
const skip = { skip: noBrowser };

test('the palette goes to pages, adapters and libraries by a few letters', skip, () =>
  look(async (visit) => {
    const { page, open } = visit;
    await open('/search');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).waitFor();
    await checkPage(visit);
    await page.keyboard.type('red-c');
    await page.keyboard.press('Enter');
    await page.waitForURL(/adapters\/red-cars/);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('holiday');
    await page.getByRole('option', { name: /holiday-photos/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Go to' }).waitFor({ state: 'detached' });
  }),
);

test('what the arrow keys choose in the palette is in sight', skip, () =>
  look(async ({ page, open }) => {
    await open('/help');
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /^red-cars/ }).waitFor();
    await page.keyboard.press('ArrowUp');
    const chosen = page.getByRole('option', { selected: true });
    assert.match((await chosen.textContent()) ?? '', /^photographs-of-the-seaside/);
    const [list, option] = await Promise.all([page.getByRole('listbox').boundingBox(), chosen.boundingBox()]);
    // lists scroll by whole pixels
    assert.ok(list && option && option.y + option.height < list.y + list.height + 1);
  }),
);

test('when the server wants another token, the page says so and takes it, and goes on where it was', skip, () =>
  look(async ({ page, fake, open }) => {
    const refused = { status: 401, code: 'denied', what: 'has no valid token' };
    fake.state.problems.set('GET /v1/libraries', refused);
    await open('/search?q=red');
    await page.getByRole('heading', { name: 'The server wants its token' }).waitFor();
    for (const view of VIEWS) {
      await lookIn(page, view);
      await checkWidth(page);
      await checkAccess(page);
    }
    fake.state.problems.clear();
    await page.getByLabel('Token', { exact: true }).fill('another-token-of-the-server');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.waitForURL((url) => url.searchParams.get('token') === 'another-token-of-the-server');
    assert.equal(new URL(page.url()).searchParams.get('q'), 'red');
    await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor();
  }),
);

test('colours follow the system until somebody chooses, and the choice is kept', skip, () =>
  look(
    async ({ page, open }) => {
      const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
      await open('/help');
      assert.equal(await scheme(), 'dark');
      await page.getByRole('button', { name: 'Light' }).first().click();
      assert.equal(await scheme(), 'light');
      await open('/search');
      assert.equal(await scheme(), 'light');
    },
    { width: 1280, scheme: 'dark' },
  ),
);

test('with the Tab key one comes past the navigation to the page', skip, () =>
  look(async ({ page, open }) => {
    await open('/search');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  }),
);

test('a page that is opened loads little and nothing from elsewhere', skip, () =>
  look(async ({ page, fake, open }) => {
    const bodies: Promise<Buffer>[] = [];
    page.on('response', (response) => {
      assert.ok(response.url().startsWith(fake.url), response.url());
      if (/\.js$/.test(response.url())) bodies.push(response.body());
    });
    await open('/help');
    const all = (await Promise.all(bodies)).reduce((sum, body) => sum + body.byteLength, 0);
    assert.ok(all > 0 && all < 520_000, `${all} bytes of scripts`);
  }),
);
