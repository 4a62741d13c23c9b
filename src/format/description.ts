// The JSON half of our folders: one way to read a description, with its format number checked before anything else, and one
// way to report everything that is wrong with it at once.

import { z } from 'zod';
import { fail, listed, shortened } from '../error/index.js';
import { parseJson, safeParse } from '../json/index.js';

/** The format number of every description we write. */
export const formatNumber = 1;

/**
 * Reads a JSON description.
 * @param bytes the file, UTF-8
 * @throws `format` when it is no JSON, was written by a newer version, or does not match the schema (all mismatches named)
 */
export function readDescription<T>(schema: z.ZodType<T>, bytes: Uint8Array, where: string): T {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    return fail('format', { where, what: 'not valid JSON', got: (cause as Error).message, cause });
  }
  const version = safeParse(z.looseObject({ format: z.int() }), value);
  if (version.success && version.data.format > formatNumber) {
    fail('format', {
      where,
      what: 'written by a newer version',
      got: `format ${version.data.format}`,
      expected: `at most ${formatNumber}`,
      fix: 'update uniadapter',
    });
  }
  return checkDescription(schema, value, where);
}

/** The bytes of a description, after checking it: indented JSON with a final newline. */
export function writeDescription<T>(schema: z.ZodType<T>, value: T, where: string): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(checkDescription(schema, value, where), null, 2)}\n`);
}

/** What a schema found, in one line. */
export function mismatches(error: z.ZodError): string {
  return listed(error.issues, problemText, '; ');
}

function problemText({ path, message, ...issue }: z.core.$ZodIssue): string {
  const unknown = issue.code === 'unrecognized_keys' ? listed(issue.keys, (key) => `"${shortened(key)}"`) : undefined;
  const what = unknown === undefined ? message : `unknown ${unknown}`;
  return path.length > 0 ? `${path.map((key) => shortened(String(key))).join('.')}: ${what}` : what;
}

/** A file of a folder, by name. */
export function fileOf(files: ReadonlyMap<string, Uint8Array>, name: string, where: string): Uint8Array {
  return (
    files.get(name) ??
    fail('format', {
      where,
      what: `the folder has no ${name}`,
      got: [...files.keys()].join(', ') || 'an empty folder',
    })
  );
}

/** A value that is what its schema says. @throws `format` naming all mismatches */
export function checkDescription<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = safeParse(schema, value);
  return parsed.success ? parsed.data : fail('format', { where, what: mismatches(parsed.error) });
}
