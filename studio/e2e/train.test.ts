import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { TrainRequest } from '../../src/server/schema/index.js';
import { lookIn, noBrowser, useBrowser, VIEWS, type Visit } from './browser.js';
import { checkPage } from './checks.js';
import { change, startTraining } from './fake/training.js';

const look = useBrowser();
const skip = { skip: noBrowser };

const request = (name: string, task: string, epochs = 3): TrainRequest => ({
  name,
  recipe: { task, method: { name: 'uniadapter' }, data: { path: 'sample' }, train: { epochs, batch: 32 } },
});

const choice = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });
const start = (page: Page) => page.getByRole('button', { name: 'Start training' });

/** What the first training was asked to do. */
const asked = ({ state }: Visit['fake']): TrainRequest => {
  const [job] = state.jobs;
  if (!job) throw new Error('no training was started');
  return job.request as TrainRequest;
};

/** A training that is over at once. */
async function finished({ fake }: Pick<Visit, 'fake'>, name: string, task: string): Promise<string> {
  fake.state.stepMs = 1;
  const job = startTraining(fake.state, request(name, task));
  while (job.state !== 'done') await new Promise((resolve) => setTimeout(resolve, 10));
  return job.id;
}

test('a new training: all can use it, wide and narrow, light and dark', skip, () =>
  look(async (visit) => {
    const { page, fake, open } = visit;
    fake.state.planProblems = ['IMG_0231.jpg: ends after 1,204 bytes'];
    await finished(visit, 'earlier', 'retrieval');
    await open('/train');
    await page.getByRole('switch', { name: 'Change the settings one by one' }).check();
    await page.getByText('What trains, part by part').click();
    for (const view of VIEWS) {
      await lookIn(page, view);
      await checkPage(visit);
    }
  }),
);

for (const task of ['retrieval', 'answering', 'captioning'])
  test(`a finished run of ${task}: all can use it, wide and narrow, light and dark`, skip, () =>
    look(async (visit) => {
      const { page, open } = visit;
      const id = await finished(visit, 'seaside', task);
      await open(`/train/${id}`);
      await page.getByText('seaside is ready').waitFor();
      await page.locator('canvas').nth(1).waitFor();
      for (const view of VIEWS) {
        await lookIn(page, view);
        await checkPage(visit);
      }
    }),
  );

test('three choices, a plan, a name, and it trains to the end before one’s eyes', skip, () =>
  look(async ({ page, fake, open }) => {
    await open('/train');
    await choice(page, 'Answer questions').click();
    await choice(page, 'Normal').click();
    await page.getByText('320 items to learn from').waitFor();
    Object.assign(fake.state, { stepMs: 12, lastStep: 50 });
    await page.getByLabel('Name of the adapter').fill('first');
    await start(page).click();
    await page.waitForURL(/\/train\/train-1$/);
    await page.getByRole('img', { name: /^Loss over \d+ steps/ }).waitFor();
    await page.getByRole('img', { name: /^Scores after \d+ evaluations/ }).waitFor();
    await page.getByText(/ left$/).waitFor();
    await page.getByText(/^After epoch \d+$/).waitFor();
    fake.state.lastStep = Number.POSITIVE_INFINITY;
    await page.getByText('first is ready').waitFor();
    await page
      .getByRole('region', { name: 'The adapter is ready' })
      .getByText(/n [\d,]+/)
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Ask it' }).click();
    await page.waitForURL(/\/ask\?with=first/);
    const { recipe } = asked(fake);
    assert.equal(recipe.task, 'answering');
  }),
);

test('all of it goes by keyboard', skip, () =>
  look(async ({ page, fake, open }) => {
    await open('/train');
    await choice(page, 'sample').focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await choice(page, 'holiday-photos').getAttribute('aria-checked'), 'true');
    await choice(page, 'Find by text').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await choice(page, 'Answer questions').count(), 0); // the dataset has no questions
    assert.equal(await choice(page, 'Write captions').getAttribute('aria-checked'), 'true');
    await page.locator('button:enabled', { hasText: 'Start training' }).waitFor(); // once the plan is that of the choices
    await page.getByLabel('Name of the adapter').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/train\/train-1$/);
    assert.equal(asked(fake).recipe.task, 'captioning');
  }),
);

test('settings are changed one by one, the plan follows, and the recipe says it', skip, () =>
  look(async ({ page, fake, open }) => {
    await open('/train');
    await page.getByRole('switch', { name: 'Change the settings one by one' }).check();
    await page.getByRole('combobox', { name: 'Method' }).click();
    await page.getByRole('option', { name: 'LoRA' }).click();
    await page.getByLabel('Rank').fill('4');
    await page.getByLabel('Epochs').fill('7');
    await page.getByText('140', { exact: true }).waitFor(); // steps
    assert.equal(await page.getByRole('radio', { checked: true, name: 'Quick look' }).count(), 0);
    await start(page).click();
    await page.waitForURL(/\/train\/train-1$/);
    const { recipe } = asked(fake);
    assert.deepEqual(recipe.method, { name: 'lora', rank: 4 });
    assert.equal((recipe.train as { epochs: number }).epochs, 7);
  }),
);

test('nothing starts while entries cannot be used, unless they are left out', skip, () =>
  look(async ({ page, fake, open }) => {
    fake.state.planProblems = ['IMG_0231.jpg: ends after 1,204 bytes'];
    await open('/train');
    await page.getByText('1 entry cannot be used').waitFor();
    assert.equal(await start(page).isDisabled(), true);
    await page.getByRole('switch', { name: 'Go on without them' }).check();
    await start(page).click();
    await page.waitForURL(/\/train\/train-1$/);
    const { recipe } = asked(fake);
    assert.equal((recipe.data as { skipBad: boolean }).skipBad, true);
  }),
);

test('what of the data is not read is told, and keeps nobody from starting', skip, () =>
  look(async ({ page, fake, open }) => {
    fake.state.planLeftOut = ['2 links are not followed: all, b'];
    await open('/train');
    await page.getByText('2 links are not followed: all, b').waitFor();
    await start(page).click();
    await page.waitForURL(/\/train\/train-1$/);
  }),
);

test('nothing starts before the plan of what was chosen is there', skip, () =>
  look(async ({ page, fake, open }) => {
    await open('/train');
    const ready = page.locator('button:enabled', { hasText: 'Start training' });
    await ready.waitFor();
    const plan = fake.hold('POST /v1/train/plan');
    const isAsked = page.waitForRequest('**/v1/train/plan');
    await choice(page, 'Normal').click();
    assert.equal(await start(page).isDisabled(), true);
    await isAsked;
    assert.equal(await start(page).isDisabled(), true);
    plan();
    await ready.waitFor();
  }),
);

test('a training that is slow to start does not pull one back from another page', skip, () =>
  look(async ({ page, fake, open }) => {
    const begin = fake.hold('POST /v1/jobs/train');
    await open('/train');
    const started = page.waitForResponse('**/v1/jobs/train');
    await start(page).click();
    await page.getByRole('link', { name: 'Adapters' }).click();
    await page.waitForURL(/\/adapters$/);
    begin();
    await started;
    await page.waitForTimeout(300);
    assert.equal(new URL(page.url()).pathname, '/adapters');
  }),
);

test('a name that is taken or cannot be one is told before anything starts', skip, () =>
  look(async ({ page, open }) => {
    await open('/train');
    const name = page.getByLabel('Name of the adapter');
    await name.fill('search');
    await page.getByText('An adapter or a run has this name already.').waitFor();
    await name.fill('two words');
    await page.getByText('Letters, digits, dots and dashes').waitFor();
    assert.equal(await start(page).isDisabled(), true);
  }),
);

test('a run is stopped, survives a reload, and goes on where it was', skip, () =>
  look(async ({ page, fake }) => {
    Object.assign(fake.state, { stepMs: 2, lastStep: 42 });
    const job = startTraining(fake.state, request('long', 'retrieval', 6));
    await page.goto(`${fake.url}/train/${job.id}`);
    await page.getByRole('img', { name: /^Loss over 42 steps/ }).waitFor();
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.reload();
    await page.getByText('42 of 120 steps').waitFor();
    await page.getByRole('img', { name: /^Loss over 42 steps/ }).waitFor();
    fake.state.lastStep = Number.POSITIVE_INFINITY;
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('long is ready').waitFor();
    await page.getByRole('img', { name: /^Loss over 120 steps/ }).waitFor();
    await page.getByText('Goes on after step 42').waitFor();
  }),
);

test('examples can be looked at epoch by epoch, with arrow keys', skip, () =>
  look(async (visit) => {
    const { page, open } = visit;
    const id = await finished(visit, 'seaside', 'retrieval');
    await open(`/train/${id}`);
    await page.getByText('After epoch 3', { exact: true }).waitFor();
    const first = page.getByRole('article').nth(1);
    await first.getByText('The right one is number 1 of 40, it was 7').waitFor();
    await page.getByRole('slider', { name: 'Time of the training' }).focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    await page.getByText('Before training', { exact: true }).waitFor();
    await first.getByText('The right one is number 7 of 40').waitFor();
  }),
);

test('runs are listed with how far they are, failed ones with their error', skip, () =>
  look(async (visit) => {
    const { page, fake, open } = visit;
    await finished(visit, 'seaside', 'retrieval');
    const broken = startTraining(fake.state, request('broken', 'retrieval'));
    change(fake.state, broken, 'failed', 'IMG_0231.jpg ends after 1,204 bytes');
    fake.state.lastStep = 7;
    startTraining(fake.state, request('now', 'captioning'));
    await open('/train');
    const runs = page.getByRole('complementary', { name: 'Runs' });
    await runs.getByRole('link', { name: /^now.*running.*of 60 steps/ }).waitFor();
    await runs.getByRole('link', { name: /^seaside.*finished/ }).waitFor();
    await runs.getByRole('link', { name: /^broken.*failed/ }).click();
    await page.getByRole('alert').getByText('IMG_0231.jpg ends after 1,204 bytes').waitFor();
  }),
);

test('without datasets, without the right to train, without a job: the page says what to do', skip, () =>
  look(async (visit) => {
    const { page, fake, open } = visit;
    await open('/train/gone');
    await page.getByRole('alert').getByText('No such job.').waitFor();
    fake.state.datasets = [];
    await open('/train');
    await page.getByText('uniadapter serve --data FOLDER').waitFor();
    fake.state.info = { ...fake.state.info, canTrain: false };
    await open('/train');
    await page.getByText('This server does not train').waitFor();
    await checkPage({ ...visit, complaints: [] });
  }),
);

test('what the plan refuses is told, and nothing can be started', skip, () =>
  look(async ({ page, fake, open }) => {
    fake.state.problems.set('POST /v1/train/plan', {
      ...{
        status: 422,
        code: 'runtime',
        where: 'train.memory',
        what: 'a step does not fit, not even sample by sample',
      },
      fix: 'train with smaller images or fewer frames',
    });
    await open('/train');
    await page.getByRole('alert').getByText('Train with smaller images or fewer frames.').waitFor();
    assert.equal(await start(page).isDisabled(), true);
  }),
);
