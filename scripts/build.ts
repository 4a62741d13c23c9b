// npm run build: dist/ as it is published. Modules by tsc, the studio by vite, and the files of the API's page: their package is
// not installed by users, since it reports installations.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'vite';

execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
await build({ root: 'studio', configFile: 'studio/vite.config.ts', logLevel: 'warn' });

const SWAGGER = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE'];
const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
mkdirSync('dist/docs', { recursive: true });
for (const file of SWAGGER) copyFileSync(join(swagger, file), join('dist/docs', file));
