// The user's token, where Hugging Face's own programs keep it: HF_TOKEN, else the file that `hf auth login` wrote.
// It is sent to the hub and never printed.

import { join } from 'node:path';
import { found, readText } from '../../files/files.js';
import { hubHome } from './cache.js';

export async function hubToken(): Promise<string | null> {
  const { HF_TOKEN, HF_TOKEN_PATH } = process.env;
  if (HF_TOKEN) return HF_TOKEN.trim() || null;
  const file = HF_TOKEN_PATH || join(hubHome(), 'token');
  return (await found(file)) ? (await readText(file)).trim() || null : null;
}
