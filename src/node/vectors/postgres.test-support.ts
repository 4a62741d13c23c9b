// PostgreSQL to test with: one with pgvector, on every system, whose connections are all one session; and the one that is
// installed here, which may have no pgvector, but a session for each connection.

import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite/vector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

export interface Postgres {
  readonly address: string;
  close(): Promise<void>;
}

/** Starts one with pgvector, in this process. */
export async function startPglite(): Promise<Postgres> {
  const db = await PGlite.create({ extensions: { vector } });
  const port = await freePort();
  const server = new PGLiteSocketServer({ db, port, maxConnections: 100 });
  await server.start();
  return {
    address: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async close() {
      await server.stop();
      await db.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** Debian has its programs outside of the PATH, in a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';
const folders = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
/** Root may not run it. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const running = { ...nobody, env: { ...process.env, PATH: [process.env.PATH, ...folders].join(delimiter) } };

/** Why none can be started here; false where one can be. */
export const noPostgres = spawnSync('initdb', ['--version'], running).status === 0 ? false : 'needs PostgreSQL';

/** Starts the one that is installed, with a database of its own. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  if (nobody.uid) chownSync(folder, nobody.uid, nobody.gid);
  const data = join(folder, 'data');
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, ['-D', data, ...args], { ...running, cwd: folder, stdio: 'ignore' });
  const port = await freePort();
  run('initdb', '--username=postgres', '--auth=trust', '--no-sync');
  run('pg_ctl', 'start', '--wait', '-o', `-h 127.0.0.1 -p ${port} -k ${folder} -F`);
  return {
    address: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async close() {
      run('pg_ctl', 'stop', '--mode=immediate');
      rmSync(folder, { recursive: true });
    },
  };
}
