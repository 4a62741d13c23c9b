// A store whose errors are ours: what a library throws while it reads or writes (a full disk, a file that is gone) is told
// as a problem of the store, with its place.

import { UniAdapterError } from '../error/index.js';
import type { VectorStore, VectorTable } from './types.js';

/** @param refuse  tells what was thrown, and throws */
export function guardedStore(store: VectorStore, refuse: (cause: unknown) => never): VectorStore {
  return {
    ...guarded(store, refuse),
    table: (...args) => store.table(...args).then((table) => guarded<VectorTable>(table, refuse), keep(refuse)),
  };
}

/** The same object; every promise of its methods that is rejected is told. */
function guarded<T extends object>(object: T, refuse: (cause: unknown) => never): T {
  const methods = Object.entries(object).map(([name, method]) => [
    name,
    (...args: unknown[]) => {
      const result: unknown = method.apply(object, args);
      return result instanceof Promise ? result.catch(keep(refuse)) : result;
    },
  ]);
  return Object.fromEntries(methods) as T;
}

const keep =
  (refuse: (cause: unknown) => never) =>
  (cause: unknown): never => {
    if (cause instanceof UniAdapterError) throw cause;
    return refuse(cause);
  };
