// What holds for every page: people with all kinds of eyes and hands can use it, it fits the window, and it complains about nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { lookIn, noBrowser, type useBrowser, VIEWS, type Visit } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails where axe-core finds something serious or critical. */
export async function checkAccess(page: Page): Promise<void> {
  // what is fading in has colours that nobody is meant to read
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    return (await axe.run({ resultTypes: ['violations'] })).violations;
  });
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.map(
      ({ id, nodes }) => `${id}, ${nodes.length} ×: ${nodes[0]?.html.slice(0, 300)} ${nodes[0]?.failureSummary}`,
    ),
    [],
  );
}

/** Fails where the page is wider than the window. */
export async function checkWidth(page: Page): Promise<void> {
  const { wide, culprits } = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const reaches = [...document.querySelectorAll('main *')].filter(
      (e) => e.getBoundingClientRect().right > clientWidth + 1,
    );
    return { wide: scrollWidth > clientWidth, culprits: reaches.slice(0, 5).map((e) => e.outerHTML.slice(0, 160)) };
  });
  assert.equal(wide, false, `the page scrolls sideways: ${culprits.join('\n')}`);
}

/** All of it. */
export async function checkPage({ page, complaints }: Pick<Visit, 'page' | 'complaints'>): Promise<void> {
  await checkWidth(page);
  await checkAccess(page);
  assert.deepEqual(complaints, []);
}

/** An address, and what is there when it is complete. */
export interface Place {
  readonly path: string;
  readonly complete: string | RegExp;
}

/** A test for each place, by name: all of {@link checkPage} in every view. */
export function testPlaces(look: ReturnType<typeof useBrowser>, places: Readonly<Record<string, Place>>): void {
  for (const [name, { path, complete }] of Object.entries(places))
    test(`${name}: all can use it, wide and narrow, light and dark`, { skip: noBrowser }, () =>
      look(async (visit) => {
        await visit.open(path);
        await visit.page.getByText(complete).first().waitFor();
        for (const view of VIEWS) {
          await lookIn(visit.page, view);
          await checkPage(visit);
        }
      }),
    );
}
