// Where the vectors of libraries are, by address: a folder, an object store, or a PostgreSQL server.

import { fail } from '../../error/index.js';
import { makeFolder } from '../../files/files.js';
import type { VectorStore } from '../../search/types.js';

/** Of object stores that LanceDB writes to. */
const OBJECT_STORES = ['s3', 'gs', 'az', 's3+ddb', 'abfss'];

/**
 * Opens a store, which is made when it is not there.
 *
 * @param address  a folder; `s3://…`, `gs://…` or `az://…`; or `postgres://user@host/database`
 * @throws recipe  when the address is of another kind; file or runtime  when it cannot be opened
 */
export async function openStore(address: string): Promise<VectorStore> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'postgres' || scheme === 'postgresql') {
    const { openPostgresStore } = await import('./postgres.js');
    return openPostgresStore(address);
  }
  if (scheme !== undefined && !OBJECT_STORES.includes(scheme)) refuseScheme(address, scheme);
  if (scheme === undefined) await makeFolder(address);
  const { openLanceStore } = await import('./lance.js'); // here, since its library takes a while to load
  return openLanceStore(address);
}

function refuseScheme(address: string, scheme: string): never {
  fail('recipe', {
    where: `store ${address}`,
    what: 'is no address of a store',
    got: `${scheme}://`,
    expected: `a folder, postgres://, ${OBJECT_STORES.map((name) => `${name}://`).join(', ')}`,
  });
}
