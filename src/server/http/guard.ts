// Who may ask: with a token whoever has it, without one only pages of this very server and programs of this computer.
//
// A server on 127.0.0.1 can be reached by every page that is open in the user's browser. Two things keep them out:
// the name that they use for it, which has to be one of this computer (another one was rebound to it), and what the
// browser says about where a request is from, which has to be here.

import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { timingSafeEqual } from 'hono/utils/buffer';
import { refuse } from './problem.js';
import { tokenPage } from './token-page.js';

const COOKIE = 'uniadapter-token';
const CHALLENGE = 'Bearer realm="uniadapter"';

/** Passes a request on (null), answers it itself, or refuses it. @throws 401 or 403 */
export async function guard(context: Context, token: string | null): Promise<Response | null> {
  const { req } = context;
  if (token === null) refuseRebound(new URL(req.url));
  else if (await isRight(/^Bearer (.*)$/i.exec(req.header('authorization') ?? '')?.[1], token)) return null;
  refuseForeign(context);
  if (token === null || (await isRight(getCookie(context, COOKIE), token))) return null;
  const isPage = req.method === 'GET' && !req.path.startsWith('/v1/');
  if (isPage && (await isRight(req.query('token'), token))) return letIn(context, token);
  if (isPage && req.header('accept')?.includes('text/html')) return askForToken(context);
  refuse(
    { status: 401, code: 'denied', headers: { 'www-authenticate': CHALLENGE } },
    {
      where: 'the request',
      what: 'has no valid token',
      expected: 'the header Authorization: Bearer with the token that the server was started with',
    },
  );
}

/** Compares in a time that does not tell how much of it was right. */
async function isRight(given: string | undefined, token: string): Promise<boolean> {
  return given !== undefined && (await timingSafeEqual(given, token));
}

/** A name of another site may have been made to point here, whose pages could then read all. */
function refuseRebound({ hostname }: URL): void {
  if (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)) return;
  refuse(
    { status: 403, code: 'denied' },
    {
      ...{
        where: 'the header Host',
        what: 'is no name of this computer',
        got: hostname,
        expected: 'localhost or 127.0.0.1',
      },
      fix: 'ask for it by that name, or start the server with a token',
    },
  );
}

/** Pages of other sites, and of other ports of this one, get nothing. Links to pages of this server are none of that. */
function refuseForeign({ req }: Context): void {
  const origin = req.header('origin');
  const isOwnOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === new URL(req.url).host);
  const site = req.header('sec-fetch-site') ?? 'none';
  const isLink = req.method === 'GET' && req.header('sec-fetch-mode') === 'navigate' && !req.path.startsWith('/v1/');
  if (isOwnOrigin && (site === 'none' || site === 'same-origin' || isLink)) return;
  refuse(
    { status: 403, code: 'denied' },
    {
      ...{ where: 'the header Origin', what: 'a page of another site asks', got: origin ?? site },
      fix: 'open the studio itself, or ask from a program with Authorization: Bearer',
    },
  );
}

/** Keeps the token in a cookie, and takes it out of the address. */
function letIn(context: Context, token: string): Response {
  const url = new URL(context.req.url);
  url.searchParams.delete('token');
  const secure = url.protocol === 'https:' || context.req.header('x-forwarded-proto') === 'https';
  setCookie(context, COOKIE, token, { httpOnly: true, sameSite: 'Strict', path: '/', secure });
  const path = url.pathname.replace(/^\/+/, '/'); // two of them would lead to another site
  return context.redirect(`${path}${url.search}`, 303);
}

const askForToken = (context: Context): Response | Promise<Response> =>
  context.html(tokenPage(new URL(context.req.url)), 401, {
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    'www-authenticate': CHALLENGE,
  });
