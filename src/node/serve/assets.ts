// The files of the pages: the studio and the page of the API, as the build left them beside the program.

import { basename, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAbsence } from '../../files/files.js';
import { openFile } from '../../files/opened.js';
import type { ServerOptions, StoredFile } from '../../server/index.js';
import { refuseUnread } from '../../service/files/gone.js';
import { storedFile } from '../../service/files/stored.js';

/** dist/, from src/node/serve as from dist/node/serve. */
const BUILT = fileURLToPath(new URL('../../../dist/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/** `docs/…` is the page of the API, everything else the studio. */
export const builtAssets: ServerOptions['assets'] = (path) =>
  path.startsWith('docs/') ? fileBelow(BUILT, path) : fileBelow(join(BUILT, 'studio'), path);

/** @returns null for what is not there, not below the folder, or of no type that pages have */
async function fileBelow(folder: string, path: string): Promise<StoredFile | null> {
  const file = resolve(folder, path);
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined || !file.startsWith(resolve(folder) + sep)) return null;
  const opened = await openFile(file).catch((error) =>
    isAbsence(error) ? null : refuseUnread(error, { where: basename(file) }),
  );
  if (opened && (await opened.stat()).isFile()) return storedFile(opened, type);
  await opened?.close();
  return null;
}
