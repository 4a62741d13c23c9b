// A page as one HTML file that needs nothing else: no script, no network, light and dark, wide and narrow, on paper.

import { type Html, html, raw } from './html.js';
import type { Chart } from './picture.js';
import { STYLE } from './style.js';

/** Nothing may be loaded, not even if a caption tried. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The file. */
export const documentOf = (title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title} · UniAdapter</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
${body}
<footer>Made by uniadapter. UniAdapter: Lu et al., ICLR 2024, arXiv 2302.06605.</footer>
</main>
</body>
</html>
`.html;

/** A chart under a title, in the size that fits. */
export const chartSection = (title: string, meaning: Html, { wide, narrow }: Chart): Html => html`<section>
<h2>${title}</h2>
<p class="soft">${meaning}</p>
<div class="card chart"><div class="wide">${raw(wide)}</div><div class="narrow">${raw(narrow)}</div></div>
</section>`;
