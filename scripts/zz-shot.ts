import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { sample } from '../src/node/report/fixtures/sample.js';
import { reportHtml } from '../src/node/report/page.js';

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const task of ['retrieval', 'answering'] as const) {
  const data = await sample(task);
  const html = reportHtml({ ...data, examples: null });
  writeFileSync(`/tmp/honest-${task}.html`, html);
  for (const scheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme: scheme, viewport: { width: 940, height: 1500 } });
    await page.goto(`file:///tmp/honest-${task}.html`);
    await page.screenshot({ path: `/tmp/honest-${task}-${scheme}.png` });
    await page.close();
  }
}
await browser.close();
