// Errors without the folders of this machine: they name files by where they are in a library, or by their name alone.

import { basename } from 'node:path';
import { UniAdapterError } from '../../error/index.js';

/** A folder, and what it is called outside. */
export type Folders = ReadonlyMap<string, string>;

/** The same functions, whose errors name no folder. Async iterables are wrapped too; what is neither is as it was. */
export function hidingFolders<T extends object>(machine: T, folders: Folders): T {
  const longestFirst = [...folders].sort(([a], [b]) => b.length - a.length);
  const wrapped = Object.entries(machine).map(([name, value]) => [
    name,
    typeof value === 'function' ? hiding(value as Call, longestFirst) : value,
  ]);
  return Object.fromEntries(wrapped) as T;
}

type Call = (...given: readonly unknown[]) => unknown;
type Names = readonly (readonly [string, string])[];

const hiding =
  (call: Call, names: Names): Call =>
  (...given) => {
    const result = call(...given);
    if (result instanceof Promise) return result.catch((error: unknown) => rethrow(error, names));
    return isIterable(result) ? hidingIterable(result, names) : result;
  };

async function* hidingIterable(items: AsyncIterable<unknown>, names: Names): AsyncGenerator<unknown> {
  try {
    yield* items;
  } catch (error) {
    rethrow(error, names);
  }
}

function rethrow(error: unknown, names: Names): never {
  if (!(error instanceof UniAdapterError)) throw error;
  const { cause, ...problem } = error.problem;
  const plain = Object.entries(problem).map(([field, text]) => [field, withoutFolders(String(text), names)]);
  throw new UniAdapterError(error.code, { ...(Object.fromEntries(plain) as typeof problem), cause: error });
}

function withoutFolders(text: string, names: Names): string {
  const named = names.reduce(
    (said, [folder, name]) => said.replaceAll(`${folder}/`, `${name}/`).replaceAll(folder, name),
    text,
  );
  return named.replaceAll(/(?<![\w.])\/(?:[\w.@ -]+\/)+[\w.@-]+/g, (path) => basename(path));
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
