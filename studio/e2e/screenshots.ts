// npx tsx studio/e2e/screenshots.ts http://127.0.0.1:3000: pictures of every page of a running server, in both themes, for docs/images.

import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { type Client, createClient } from '../../src/client/index.js';
import { lookIn, startBrowser } from './browser.js';

const FOLDER = 'docs/images';
const WIDTH = 1280;
const PHONE = 375;

interface Shot {
  /** Of the file, after `studio-`. */
  readonly name: string;
  readonly path: string;
  readonly width?: number;
  /** Until the page is as it shall be shown. */
  readonly act?: (page: Page) => Promise<void>;
}

const [url = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const client = createClient({ url });
await mkdir(FOLDER, { recursive: true });
const shots = await shotsOf(client);
const browser = await startBrowser();
const context = await browser.newContext({ reducedMotion: 'reduce' });
for (const shot of shots)
  for (const scheme of ['light', 'dark'] as const) await take(await context.newPage(), shot, scheme);
await browser.close();

/** Pages with something on them: the server's first library, adapters for each task, a training if there was one. */
async function shotsOf(client: Client): Promise<readonly Shot[]> {
  const adapters = await client.adapters();
  const [library] = await client.libraries();
  // those for images first, since a picture is searched for and asked about
  const byFrames = [...adapters].sort((a, b) => (a.frames ?? 0) - (b.frames ?? 0));
  const named = (task: string) => byFrames.find((adapter) => adapter.task === task)?.name ?? 'none';
  const [search, answers] = [named('retrieval'), named('answering')];
  const { items } = await client.items(library?.name ?? '', { kind: 'image', limit: 1 });
  const words = encodeURIComponent(items[0]?.captions.at(-1) ?? 'a red car');
  const media = `${library?.name}:${items[0]?.id}`;
  const training = (await client.jobs()).find(({ kind }) => kind === 'train');
  return [
    { name: 'search', path: `/search?q=${words}&with=${search}`, act: settled },
    { name: 'search-phone', path: `/search?q=${words}&with=${search}`, width: PHONE, act: settled },
    { name: 'compare', path: `/search?q=${words}&with=${search}&and=none`, act: settled },
    { name: 'ask', path: `/ask?media=${media}&with=${answers}&q=what+color+is+it` },
    { name: 'train', path: '/train' },
    ...(training ? [{ name: 'run', path: `/train/${training.id}` }] : []),
    { name: 'adapters', path: '/adapters' },
    { name: 'adapter', path: `/adapters/${search}` },
    { name: 'world', path: '/world' },
    { name: 'help', path: '/help' },
  ];
}

function settled(page: Page): Promise<void> {
  return page.getByText('looked at again').first().waitFor();
}

async function take(page: Page, { name, path, width = WIDTH, act }: Shot, scheme: 'light' | 'dark'): Promise<void> {
  await page.goto(url + path, { waitUntil: 'networkidle' });
  await lookIn(page, { width, scheme });
  await act?.(page);
  // grey shapes are gone, and pictures are there
  await page.waitForFunction(
    () =>
      document.querySelector('.mantine-Skeleton-root') === null &&
      [...document.images].every(({ complete, loading }) => complete || loading === 'lazy'),
  );
  await page.waitForTimeout(1500);
  const file = `${FOLDER}/studio-${name}-${scheme}.webp`;
  await sharp(await page.screenshot())
    .webp({ quality: 80 })
    .toFile(file);
  await page.close();
  console.log(file);
}
