// The studio as it is shipped, built once for all tests that look at it.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const STUDIO = fileURLToPath(new URL('..', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/studio', import.meta.url));

/** Builds the studio unless its sources are those of an earlier build. @returns the folder */
export async function builtStudio(): Promise<string> {
  const folder = join(CACHE, fingerprint());
  if (existsSync(folder)) return folder;
  // test files run side by side: whoever is first puts his in place, as a whole
  const temporary = `${folder}.${process.pid}`;
  await mkdir(CACHE, { recursive: true });
  await build({
    root: STUDIO,
    configFile: join(STUDIO, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: temporary },
  });
  await rename(temporary, folder).catch(() => rm(temporary, { recursive: true }));
  return folder;
}

/** Changes when any source of the studio does. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const path of sources()) hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function sources(): string[] {
  const below = ['src', 'public'].flatMap((folder) =>
    readdirSync(join(STUDIO, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(STUDIO, folder, path)),
  );
  const files = below.filter((path) => statSync(path).isFile() && !path.endsWith('.test.ts'));
  return [...files, join(STUDIO, 'index.html'), join(STUDIO, 'vite.config.ts')].sort();
}
