// The studio is built into dist/studio, from where the server serves it; in development it asks a running server.

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `uniadapter serve` listens while the studio is worked on. */
const SERVER = process.env.UNIADAPTER_SERVER ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/v1': SERVER, '/docs': SERVER, '/openapi.json': SERVER } },
  build: {
    outDir: fileURLToPath(new URL('../dist/studio', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // pictures stay files, and no module is inlined: the server allows no inline scripts
    assetsInlineLimit: 0,
    // what is bundled wants its licences beside it
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
  },
});
