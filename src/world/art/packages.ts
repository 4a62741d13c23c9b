// Files of the npm packages that hold art and names. They are development dependencies: found where they are installed,
// and asked for by name where they are not.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fail } from '../../error/index.js';

/** The path of a package's file. @throws `file` if the package is not installed */
export function resolvePackage(name: string, file: string): string {
  try {
    return createRequire(import.meta.url).resolve(`${name}/${file}`);
  } catch (cause) {
    fail('file', {
      where: 'world',
      what: `the package ${name}, which holds the pictures or names, is not installed`,
      fix: `npm install --save-dev ${name}`,
      cause,
    });
  }
}

/** A package's JSON file. @throws `file` if the package is not installed */
export async function readJson<T>(name: string, file: string): Promise<T> {
  return JSON.parse(await readFile(resolvePackage(name, file), 'utf8'));
}
