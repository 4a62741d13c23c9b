// Writes the made parts of docs/api.md from the routes: npx tsx scripts/api-docs.ts

import { readFileSync, writeFileSync } from 'node:fs';
import { withApiDocs } from '../src/server/docs.js';

const path = new URL('../docs/api.md', import.meta.url);
writeFileSync(path, withApiDocs(readFileSync(path, 'utf8')));
