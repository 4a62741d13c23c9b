// Which of the files that somebody chose belong to an adapter.

import { ADAPTER_FILES } from '../../../../src/format/adapter-files.js';

/** Without these there is no adapter. */
export const NEEDED: readonly string[] = Object.entries(ADAPTER_FILES).flatMap(([name, isNeeded]) =>
  isNeeded ? [name] : [],
);

/** The files of an adapter folder; others, such as checkpoints beside it, are left out. */
export const accepted = (files: readonly File[]): readonly File[] =>
  files.filter(({ name }) => Object.hasOwn(ADAPTER_FILES, name));

/** A name for the adapter: that of the folder that was chosen, as far as it can be one; empty when there is none. */
export function nameFor(files: readonly Pick<File, 'name' | 'webkitRelativePath'>[]): string {
  const file = files.find(({ name }) => name === 'adapter.json');
  const folders = file?.webkitRelativePath.split('/').slice(0, -1) ?? [];
  // runs keep their adapter in a folder that all runs call the same
  const folder = folders.findLast((part) => part !== 'adapter') ?? '';
  return folder
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
}
