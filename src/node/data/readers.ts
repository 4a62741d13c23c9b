// Datasets by format: what is asked for in a folder, and what is made of it.

import { fail } from '../../error/index.js';
import type { FormatName } from '../../recipe/index.js';
import { readManifest } from './manifest.js';
import type { Source } from './source.js';

/** @param path  absolute */
export type Reader = (path: string) => Promise<Source>;

const missing: Reader = (path) => fail('data', { where: path, what: 'no reader' });

export const readers: Readonly<Record<FormatName, Reader>> = {
  manifest: readManifest,
  coco: missing,
  flickr30k: missing,
  msrvtt: missing,
  didemo: missing,
  'msrvtt-qa': missing,
  vqav2: missing,
};
