// The user's token, where Hugging Face's own programs keep it: HF_TOKEN, else the file that `hf auth login` wrote.
// It is sent to the hub and never printed.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hubHome } from './cache.js';

export async function hubToken(): Promise<string | null> {
  const { HF_TOKEN, HF_TOKEN_PATH } = process.env;
  const file = HF_TOKEN_PATH || join(hubHome(), 'token');
  return (HF_TOKEN || (await readFile(file, 'utf8').catch(() => ''))).trim() || null;
}
