// YAML, and JSON with it, as recipes are written: a tree, although YAML can write down values that hold themselves.

import { parse } from 'yaml';
import { isTooDeep } from '../json/index.js';

/** A recipe has two kilobytes; the parser takes a second for a megabyte. */
const MOST_CHARACTERS = 2 ** 20;

/**
 * The value of a YAML text.
 *
 * @throws Error  whose message says in one line why it is none: with line and column, or that it is too long or too deep
 */
export function parseYaml(text: string): unknown {
  if (text.length > MOST_CHARACTERS) throw new Error(`${text.length} characters, more than ${MOST_CHARACTERS}`);
  const value = parsed(text);
  if (isTooDeep(value)) throw new Error('sections within each other without end');
  return value;
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' }); // warnings would go to the terminal
  } catch (cause) {
    if (cause instanceof RangeError) throw new Error('sections within each other without end', { cause });
    const [what = ''] = (cause as Error).message.split('\n');
    throw new Error(what.replace(/:$/, ''), { cause });
  }
}
