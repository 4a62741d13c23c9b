// Options and arguments that several commands have.

import { relative } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { visible } from '../error/index.js';
import { isLibraryName } from '../search/place.js';

const ASSIGNMENT = /^[\w.]+=/;

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

/** For options that count something: a parser of whole numbers in a range. */
const wholeNumberIn =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    return value;
  };

/** A million of anything is more than people look at or draw. */
const MOST = 1e6;

export const wholeNumber = wholeNumberIn(1, MOST);
/** Of what there may be none. */
export const wholeNumberFrom0 = wholeNumberIn(0, MOST);
/** Pixels a side; as many as recipes may ask for. */
export const pixelNumber = wholeNumberIn(1, 2048);
/** Frames of a clip; as many as recipes may ask for. */
export const frameNumber = wholeNumberIn(1, 256);
/** Seeds are 32 bits. */
export const seedNumber = wholeNumberIn(0, 2 ** 32 - 1);

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
