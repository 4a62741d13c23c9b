// A real browser that looks at the studio, over the make-believe server.

import { existsSync } from 'node:fs';
import { after, before } from 'node:test';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { builtStudio } from './built.js';
import { type Fake, startFake } from './fake/fake.js';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** For `test`: why tests are skipped here; false where there is a browser. */
export const noBrowser: string | false = existsSync(CHROMIUM)
  ? false
  : `no browser at ${CHROMIUM}; install chromium or set CHROMIUM`;

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the system's Chromium. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });

export interface View {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  /** Whether things may move; by default they are where they will be at once. */
  readonly moves?: true;
}

/** Every page is looked at in all of these. */
export const VIEWS: readonly View[] = [1280, 375].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

/** Waits until something is there and the page listens to keys and pointers: it shows a moment before it does. */
export async function untilReady(target: Locator): Promise<void> {
  await target.waitFor();
  await target.page().evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
}

const sizeOf = (width: number) => ({ width, height: width < 500 ? 812 : 860 });

/** Makes a window that is open already another one. */
export async function lookIn(page: Page, { width, scheme }: View): Promise<void> {
  await page.setViewportSize(sizeOf(width));
  await page.emulateMedia({ colorScheme: scheme });
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
}

export interface Visit {
  readonly page: Page;
  readonly fake: Fake;
  /** What the page complained about: errors in its console and exceptions. */
  readonly complaints: readonly string[];
  /** Goes to a path of the studio, and waits for its page; what the page then loads may still come. */
  open(path: string): Promise<void>;
}

/**
 * A browser for all tests of a file; each visit has a server and a window of its own.
 *
 * @returns runs `look` over a window of its own, by default a wide one in light colours
 */
export function useBrowser(): (look: (visit: Visit) => Promise<void>, view?: View) => Promise<void> {
  let browser: Browser | undefined;
  let studio = '';
  before(async () => {
    if (noBrowser) return;
    [browser, studio] = await Promise.all([startBrowser(), builtStudio()]);
  });
  after(() => browser?.close());
  return async (look, view = { width: 1280, scheme: 'light' }) => {
    if (!browser) throw new Error('the browser has not been started');
    const fake = await startFake({ studio });
    const context = await browser.newContext({
      viewport: sizeOf(view.width),
      colorScheme: view.scheme,
      reducedMotion: view.moves ? 'no-preference' : 'reduce',
    });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const complaints = complaintsOf(page);
      const open = async (path: string) => {
        await page.goto(fake.url + path, { waitUntil: 'networkidle' });
        await untilReady(page.locator('main h1').filter({ hasNotText: 'Loading' }));
      };
      await look({ page, fake, complaints, open });
    } finally {
      await context.close();
      await fake.close();
    }
  };
}

function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}
