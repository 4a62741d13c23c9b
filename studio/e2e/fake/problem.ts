// How the server refuses.

import type { Context } from 'hono';

/** An answer as the server gives them for what it refuses. */
export function problemResponse(
  context: Context,
  problem: { readonly status: number; readonly what: string; readonly code?: string },
): Response {
  const { status, what, code = 'data' } = problem;
  const body = { type: 'about:blank', title: what, detail: what, where: context.req.path, ...problem, code };
  return context.body(JSON.stringify(body), status as 400, { 'content-type': 'application/problem+json' });
}
