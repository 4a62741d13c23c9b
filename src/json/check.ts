// What a schema says about a value of strangers.

import { z } from 'zod';

/**
 * As the schema's own `safeParse`, which throws at some values: Zod compares the `length` of whatever has one, and an
 * object may say of itself that it is no number.
 */
export function safeParse<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  try {
    return schema.safeParse(value);
  } catch (cause) {
    const path = lengthThatIsNone(value);
    if (!path) throw cause;
    const message = 'is no length: a list or an object';
    return {
      success: false,
      error: new z.ZodError([{ code: 'custom', path, message, input: value }]) as z.ZodError<T>,
    };
  }
}

/** Where a `length` is that no number can be made of. */
function lengthThatIsNone(value: unknown): PropertyKey[] | undefined {
  const nodes: { readonly value: unknown; readonly path: PropertyKey[] }[] = [{ value, path: [] }];
  for (const { value, path } of nodes)
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        const at = [...path, key];
        if (key === 'length' && typeof inner === 'object' && inner !== null) return at;
        nodes.push({ value: inner, path: at });
      }
  return undefined;
}
