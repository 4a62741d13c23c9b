// Options and arguments that several commands have.

import { relative } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { visible } from '../../error/index.js';
import { isLibraryName } from '../library/place.js';

const ASSIGNMENT = /^[A-Za-z][\w.]*=/;

/** `--set key=value`, as often as wanted. */
export const setOption = (): Option =>
  new Option(
    '--set <key=value>',
    'set any key of the recipe, repeatable; works without --set too (uniadapter keys lists them)',
  ).argParser((value: string, before: readonly string[] = []) => [...before, value]);

/** Arguments that look like `train.epochs=3`, and the others. */
export function splitArguments(args: readonly string[]): {
  readonly assignments: readonly string[];
  readonly others: readonly string[];
} {
  return {
    assignments: args.filter((arg) => ASSIGNMENT.test(arg)),
    others: args.filter((arg) => !ASSIGNMENT.test(arg)),
  };
}

/** For options that count something. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number above 0.');
  return value;
}

/** For options that count something of which there may be none. */
export function wholeNumberFrom0(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

/** A path as people want to see it: from here, if that is shorter, and on one line. */
export function shown(path: string): string {
  const near = relative('.', path);
  return visible(near.startsWith('..') ? path : near);
}

/** What the library of an index is called. */
export function libraryNameOption(name: string): string {
  if (!isLibraryName(name)) throw new InvalidArgumentError('Expected letters, digits, dots and dashes, at most 64.');
  return name;
}
