import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { noBrowser, useBrowser } from './browser.js';
import { checkPage } from './checks.js';

const look = useBrowser();
const skip = { skip: noBrowser };

const file = (name: string) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from('{}') });

test('an adapter is added by its files, and is then in the list', skip, () =>
  look(async (visit) => {
    const { page, fake, open } = visit;
    await open('/adapters');
    await page.getByRole('button', { name: 'Add an adapter' }).click();
    const dialog = page.getByRole('dialog');
    const chooser = dialog.locator('input[type=file][multiple]');
    await chooser.setInputFiles([file('adapter.json')]);
    await dialog.getByText('adapter.safetensors is missing').waitFor();
    await checkPage(visit);
    await chooser.setInputFiles([file('adapter.json'), file('adapter.safetensors'), file('state.json')]);
    await dialog.getByRole('textbox', { name: 'Name' }).fill('blue boats');
    await dialog.getByText('Letters, digits, dots and dashes, at most 64').waitFor();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('blue-boats');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'blue-boats' }).waitFor();
    assert.ok(fake.state.adapters.some(({ name }) => name === 'blue-boats'));
  }),
);

test('a folder that is dropped on the page is an adapter of the folder’s name', skip, async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'studio-')), 'green-kites');
  mkdirSync(folder);
  for (const name of ['adapter.json', 'adapter.safetensors', 'notes.txt']) writeFileSync(join(folder, name), '{}');
  await look(async ({ page, open }) => {
    await open('/adapters');
    await page.getByRole('link', { name: /red-cars/ }).waitFor();
    const devtools = await page.context().newCDPSession(page);
    const at = { x: 640, y: 600, data: { items: [], files: [folder], dragOperationsMask: 1 } };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await devtools.send('Input.dispatchDragEvent', { type, ...at });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('adapter.safetensors').waitFor();
    assert.equal(await dialog.getByText('notes.txt').count(), 0);
    assert.equal(await dialog.getByRole('textbox', { name: 'Name' }).inputValue(), 'green-kites');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'green-kites' }).waitFor();
  });
  rmSync(dirname(folder), { recursive: true });
});

test('an adapter that does not fit is refused in words, and nothing that was filled in is lost', skip, () =>
  look(async ({ page, fake, open }) => {
    fake.state.problems.set('PUT /v1/adapters/other', {
      ...{ status: 422, code: 'parameter', where: 'adapter other', what: 'the adapter belongs to another backbone' },
      ...{ got: 'blip-base', expected: 'tiny', fix: 'serve with --backbone blip-base' },
    });
    await open('/adapters');
    await page.getByRole('button', { name: 'Add an adapter' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .locator('input[type=file][multiple]')
      .setInputFiles([file('adapter.json'), file('adapter.safetensors')]);
    await dialog.getByRole('textbox', { name: 'Name' }).fill('other');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByText('the adapter belongs to another backbone.').waitFor();
    await dialog.getByText('Got blip-base, expected tiny.').waitFor();
    await dialog.getByText('Serve with --backbone blip-base.').waitFor();
    assert.equal(await dialog.getByRole('textbox', { name: 'Name' }).inputValue(), 'other');
  }),
);

test('an adapter is deleted after a question, and those that ship cannot be', skip, () =>
  look(async (visit) => {
    const { page, open } = visit;
    await open('/adapters/search');
    await page.getByText('adapter.safetensors').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0);
    await open('/adapters/red-cars');
    await page.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This cannot be undone').waitFor();
    await checkPage(visit);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.waitForURL(/adapters$/);
    await page.getByText('answers', { exact: true }).waitFor();
    assert.equal(await page.getByText('red-cars', { exact: true }).count(), 0);
  }),
);

test('the details tell modules by role, changes by layer, and lead on to where the adapter is used', skip, () =>
  look(async ({ page, open }) => {
    await open('/adapters/search');
    await page.getByRole('img', { name: /^adapter of the image encoder, RMS of the change: layer 0/ }).waitFor();
    await page.getByRole('button', { name: /adapter of the text encoder/ }).click();
    await page.getByText('text.layer.3.adapter').waitFor();
    const download = await page.getByRole('link', { name: 'adapter.safetensors' }).getAttribute('href');
    assert.equal(download, '/v1/adapters/search/files/adapter.safetensors');
    await page.getByRole('link', { name: 'Use it in Search' }).click();
    await page.waitForURL(/\/search\?with=search/);
  }),
);

test('without adapters the page says how to get one', skip, () =>
  look(async ({ page, fake, open }) => {
    fake.state.adapters = [];
    await open('/adapters');
    await page.getByText('No adapters yet').waitFor();
    await page.getByRole('link', { name: 'Train one' }).click();
    await page.waitForURL(/train/);
  }),
);
