// The page that asks a browser for the token of the server, and says when the one it got is another's.

import { html } from 'hono/html';

/**
 * @param url  what was asked for; its other parameters are kept for when the token is right
 * @returns the page, with an answer to a token in the address that cannot be right
 */
export function tokenPage(url: URL): ReturnType<typeof html> {
  const isWrong = url.searchParams.has('token');
  const kept = [...url.searchParams].filter(([name]) => name !== 'token');
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>UniAdapter</title>
<style>
body{font:16px/1.5 system-ui;display:grid;place-content:center;min-height:90vh;margin:1rem}
input,button{font:inherit;padding:.5rem .75rem}
[role=alert]{color:#b3261e}
@media(prefers-color-scheme:dark){[role=alert]{color:#ffb4ab}}
</style>
<main>
<h1>UniAdapter</h1>
${isWrong ? html`<p role="alert">This is not the token of this server.</p>` : ''}
<p>This server wants the token that it was started with: of <code>--token</code> or <code>UNIADAPTER_TOKEN</code>.</p>
<form>
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
<button>Open</button>
</form>
</main>
</html>
`;
}
