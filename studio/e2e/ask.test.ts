import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser, untilReady, useBrowser } from './browser.js';
import { checkPage, type Place, testPlaces } from './checks.js';

const look = useBrowser();
const skip = { skip: noBrowser };

const field = (page: Page) => page.getByRole('textbox', { name: 'Question' });
const answersOf = (page: Page, name: string) => page.getByRole('region', { name: `Answers of ${name}` });

const PLACES: Readonly<Record<string, Place>> = {
  'ask before anything is chosen': { path: '/ask', complete: 'Or one of “sample”' },
  'ask about a picture': { path: '/ask?media=sample:sample-3&q=what+is+this', complete: 'Show where it looked' },
  'ask two adapters about a clip': {
    path: '/ask?media=sample:sample-100&q=what+happens&with=answers&and=none',
    complete: 'Show where it looked',
  },
};

testPlaces(look, PLACES);

test('a picture of a library is chosen, asked about, and what was asked before is kept beside its answer', skip, () =>
  look(async ({ page, open }) => {
    await open('/ask');
    await page.getByRole('button', { name: 'Ask about outdoors/000.png' }).click();
    await field(page).fill('what color is the ball');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    const answers = answersOf(page, 'Backbone alone');
    await answers.getByRole('listitem').nth(4).waitFor();
    const best = (await answers.getByRole('listitem').first().textContent()) ?? '';
    assert.match(best, /\d\s%$/);
    assert.equal(new URL(page.url()).searchParams.get('q'), 'what color is the ball');
    await page.getByRole('button', { name: 'what is this' }).click();
    const past = page.getByRole('button', { name: /^what color is the ball/ });
    await past.waitFor();
    const [answer = '', probability = ''] = best.match(/^(.+?)(\d[\d.]*\s%)$/)?.slice(1) ?? [];
    assert.equal(await past.textContent(), `what color is the ball${answer} ${probability}`);
    await past.click();
    await page.getByRole('button', { name: /^what is this/ }).waitFor();
    assert.equal(await field(page).inputValue(), 'what color is the ball');
  }),
);

test('everything can be done with the keyboard', skip, () =>
  look(async ({ page, open }) => {
    await open('/ask?media=sample:sample-3');
    await untilReady(field(page));
    await page.keyboard.press('/');
    await page.keyboard.type('where is this');
    await page.keyboard.press('Enter');
    await answersOf(page, 'Backbone alone').getByRole('listitem').first().waitFor();
    const strength = page.getByRole('slider', { name: 'How strongly' });
    const opacity = () => page.locator('canvas').evaluate((canvas) => Number(getComputedStyle(canvas).opacity));
    const before = await opacity();
    await strength.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    assert.ok((await opacity()) > before);
    await page.getByRole('switch', { name: 'Show where it looked' }).focus();
    await page.keyboard.press('Space');
    assert.equal(await page.locator('canvas').count(), 0);
  }),
);

test('one is chosen from a library, page by page', skip, () =>
  look(async (visit) => {
    const { page, open } = visit;
    await open('/ask');
    await page.getByRole('button', { name: 'From a library' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose from a library' });
    await dialog.getByRole('button', { name: 'Close' }).waitFor();
    await dialog.getByRole('button', { name: '000.png' }).waitFor();
    await checkPage(visit);
    await dialog.getByRole('button', { name: 'next page' }).click();
    await dialog.getByRole('button', { name: '024.png' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('img', { name: '024.png' }).first().waitFor();
    assert.match(page.url(), /media=sample/);
  }),
);

test('where the model looked is painted over the picture, the most where it looked most', skip, () =>
  look(async ({ page, open }) => {
    await open('/ask?media=sample:sample-3&q=what+is+this');
    await page.locator('canvas').waitFor();
    const [image, canvas] = await Promise.all([
      page.getByRole('img', { name: '003.png' }).boundingBox(),
      page.locator('canvas').boundingBox(),
    ]);
    assert.deepEqual(canvas, image);
    const warmest = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const alpha = [...pixels].filter((_, i) => i % 4 === 3);
      const at = alpha.indexOf(Math.max(...alpha));
      return { x: (at % canvas.width) / canvas.width, y: Math.floor(at / canvas.width) / canvas.height };
    });
    // the make-believe model looks at the first thing, which stands in the lower part
    assert.ok(Math.abs(warmest.y - 0.7) < 0.06, `${warmest.y}`);
    assert.ok(
      [0.2, 0.5, 0.8].some((x) => Math.abs(warmest.x - x) < 0.06),
      `${warmest.x}`,
    );
  }),
);

test('of a clip each frame is shown with its look and its weight', skip, () =>
  look(async ({ page, open }) => {
    await open('/ask?media=sample:sample-100&q=what+happens&with=answers');
    const frames = page.getByRole('list', { name: 'Frames that the model was shown' });
    await frames.getByRole('listitem').nth(3).waitFor();
    assert.equal(await frames.locator('canvas').count(), 4);
    assert.match((await frames.locator('img').nth(2).getAttribute('src')) ?? '', /frame=2&frames=4/);
    await frames.getByRole('img', { name: 'weight of frame 3: 1.5×' }).waitFor();
  }),
);

test('two adapters answer side by side, and either one’s look can be shown', skip, () =>
  look(async ({ page, open }) => {
    await open('/ask?media=sample:sample-3&q=what+is+this');
    await page.getByRole('button', { name: 'Compare' }).click();
    await answersOf(page, 'answers').getByRole('listitem').first().waitFor();
    await page.getByRole('radiogroup', { name: 'Whose look' }).getByText('answers').click();
    await page.locator('canvas').waitFor();
    await page.getByRole('button', { name: 'End the comparison' }).click();
    await answersOf(page, 'answers').waitFor({ state: 'detached' });
  }),
);

test('where the backbone has not learnt to answer, the first adapter that has does', skip, () =>
  look(async ({ page, fake, open }) => {
    const { info } = fake.state;
    fake.state.info = { ...info, backbone: { ...info.backbone, tasks: ['retrieval'] } };
    await open('/ask?media=sample:sample-3&q=what+is+this&with=search');
    await answersOf(page, 'answers').getByRole('listitem').first().waitFor();
    // nor is it offered, alone or beside another
    assert.equal(await page.getByRole('button', { name: 'Compare' }).count(), 0);
    await page.getByRole('combobox', { name: 'Who answers' }).click();
    await page.getByRole('option', { name: /^answers/ }).waitFor();
    assert.equal(await page.getByRole('option').count(), 1);
  }),
);

test('a caption is written when it is asked for', skip, () =>
  look(async ({ page, open }) => {
    await open('/ask?media=sample:sample-3');
    assert.equal(await page.getByText(/^a picture of a/).count(), 0);
    await page.getByRole('button', { name: 'Write a caption' }).click();
    await page.getByText(/^a picture of a/).waitFor();
  }),
);

test('a caption that was asked for is of that picture, not of the next one', skip, () =>
  look(async ({ page, open }) => {
    const send = async (name: string, bytes: number) => {
      const file = { name, mimeType: 'image/png', buffer: Buffer.alloc(bytes, 1) };
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByText(name).waitFor();
    };
    await open('/ask');
    await send('cat.png', 300);
    await page.getByRole('button', { name: 'Write a caption' }).click();
    await page.getByText(/^a picture of a/).waitFor();
    await send('dog.png', 301);
    await page.waitForTimeout(300);
    assert.equal(await page.getByText(/^a picture of a/).count(), 0);
  }),
);

test('a picture of one’s own is asked about, and one that is gone says so', skip, () =>
  look(async ({ page, fake, open }) => {
    await open('/ask');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.alloc(300, 1) });
    await page.getByText('cat.png').waitFor();
    await page.getByRole('button', { name: 'what color is it' }).click();
    await answersOf(page, 'Backbone alone').getByRole('listitem').first().waitFor();
    fake.state.uploads.clear();
    await page.getByRole('button', { name: 'what is this' }).click();
    await page.getByRole('alert').getByText('The file is not kept any more.').waitFor();
    await page.reload();
    await page.getByText('This picture is not there any more.').waitFor();
  }),
);

test('a slow upload does not pull one back from another page', skip, () =>
  look(async ({ page, fake, open }) => {
    const receive = fake.hold('POST /v1/uploads');
    await open('/ask');
    const sent = page.waitForResponse('**/v1/uploads');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.alloc(300, 1) });
    await page.getByRole('button', { name: 'Sending' }).waitFor();
    await page.getByRole('link', { name: 'World', exact: true }).click();
    await page.waitForURL(/\/world$/);
    receive();
    await sent;
    await page.waitForTimeout(300);
    assert.equal(new URL(page.url()).pathname, '/world');
  }),
);

test('while the model thinks its place is kept, and a refusal can be tried again', skip, () =>
  look(async ({ page, fake, open }) => {
    await open('/ask?media=sample:sample-3');
    const answer = fake.hold('POST /v1/ask');
    fake.state.problems.set('POST /v1/ask', { status: 503, code: 'busy', what: 'too many requests wait' });
    await page.getByRole('button', { name: 'what is this' }).click();
    await page.locator('[aria-busy=true]').waitFor();
    answer();
    await page.getByRole('alert').getByText('Too many requests wait.').waitFor();
    fake.state.problems.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await answersOf(page, 'Backbone alone').getByRole('listitem').first().waitFor();
  }),
);
