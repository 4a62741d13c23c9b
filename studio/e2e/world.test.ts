import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, useBrowser } from './browser.js';
import { checkPage, type Place, testPlaces } from './checks.js';

const look = useBrowser();
const skip = { skip: noBrowser };

const seedOf = (page: Page) => new URL(page.url()).searchParams.get('seed');
const counted = (page: Page, seeds: number) =>
  page
    .getByText(new RegExp(`over ${seeds} seeds?$`))
    .first()
    .waitFor();

const PLACES: Readonly<Record<string, Place>> = {
  'the world': { path: '/world', complete: /over 1 seed/ },
  'the world with two models and a clip': {
    path: '/world?domain=fluent3d&kind=video&seed=7&with=search&and=answers',
    complete: /over 1 seed/,
  },
};

testPlaces(look, PLACES);

test('arrow keys go from seed to seed, R takes any, and each seed counts once', skip, () =>
  look(async ({ page, open }) => {
    await open('/world');
    await counted(page, 1);
    await page.keyboard.press('ArrowRight');
    await counted(page, 2);
    assert.equal(seedOf(page), '2');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('a blue boat and a blue house at the sea').first().waitFor();
    assert.equal(seedOf(page), '1');
    await counted(page, 2);
    await page.keyboard.press('r');
    await page.waitForURL((url) => !['1', '2'].includes(url.searchParams.get('seed') ?? ''));
    await counted(page, 3);
    await page.getByRole('button', { name: 'Count anew' }).click();
    await counted(page, 1);
  }),
);

test('answers are marked right or wrong, and the score is what the marks say', skip, () =>
  look(async ({ page, open }) => {
    await open('/world');
    await counted(page, 1);
    const rows = page.getByRole('row');
    const marks = await rows.evaluateAll((all) =>
      all.slice(1).map((row) => {
        const [, truth = '', said = ''] = [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '');
        return { isMarked: said.includes(', right'), isRight: said.startsWith(truth) };
      }),
    );
    assert.ok(marks.length >= 2);
    for (const { isMarked, isRight } of marks) assert.equal(isMarked, isRight);
    const right = marks.filter(({ isRight }) => isRight).length;
    await page.getByText(`${right} of ${marks.length}`).waitFor();
  }),
);

test('the true caption is ranked among captions of other seeds', skip, () =>
  look(async ({ page, fake, open }) => {
    await open('/world?seed=40');
    await page.getByText(/^The true caption (comes first|is number \d+) of 10/).waitFor();
    const shown = page.getByRole('listitem').filter({ hasText: '(the true one)' });
    const [caption = ''] = (await shown.textContent())?.match(/a .*(?= \(the true one\))/) ?? [];
    assert.ok(await page.getByText(caption, { exact: true }).count());
    const seeds = [...fake.state.uploads.keys()].filter((upload) => upload.endsWith('-32'));
    assert.equal(seeds.length, 9);
  }),
);

test('a model that was trained for something else says so instead of guessing', skip, () =>
  look(async ({ page, open }) => {
    await open('/world?with=search&and=answers');
    await page.getByText('search was trained for something else and does not answer.').waitFor();
    await page.getByText('It was trained for something else and does not compare captions.').waitFor();
  }),
);

test('domain, kind and seed are chosen by mouse, and a domain without clips offers none', skip, () =>
  look(async ({ page, open }) => {
    await open('/world');
    await page.getByText('Clip', { exact: true }).click();
    await page.waitForURL(/kind=video/);
    await page.getByRole('button', { name: 'Next seed' }).click();
    await page.waitForURL(/seed=2/);
    await page.getByRole('textbox', { name: 'Seed' }).fill('123');
    await page.waitForURL(/seed=123/);
    await page.getByRole('combobox', { name: 'Domain' }).click();
    await page.getByRole('option', { name: 'people' }).click();
    await page.waitForURL(/domain=people&kind=image/);
    assert.equal(await page.getByRole('radio', { name: 'Clip' }).isDisabled(), true);
  }),
);

test('what is drawn can be asked about', skip, () =>
  look(async ({ page, open }) => {
    await open('/world');
    await page.getByRole('link', { name: 'Ask something else about it' }).click();
    await page.waitForURL(/\/ask\?media=upload/);
    await page.getByRole('button', { name: 'what is this' }).click();
    await page.getByRole('region', { name: 'Answers of Backbone alone' }).getByRole('listitem').first().waitFor();
  }),
);

test('without the art the page says what to install', skip, () =>
  look(async (visit) => {
    const { page, fake, open } = visit;
    fake.state.world = { domains: [], missing: ['@iconify-json/noto', 'emojibase-data'] };
    await open('/world');
    await page.getByText('npm install @iconify-json/noto emojibase-data').waitFor();
    await checkPage(visit);
  }),
);

test('what cannot be drawn says why and can be tried again', skip, () =>
  look(async ({ page, fake, open }) => {
    fake.state.problems.set('POST /v1/world/draw', { status: 422, what: 'there is no such domain' });
    await open('/world');
    await page.getByRole('alert').getByText('There is no such domain.').waitFor();
    fake.state.problems.clear();
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByText('a blue boat and a blue house at the sea').first().waitFor();
  }),
);
