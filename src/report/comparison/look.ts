// The colours and badges of runs.

import { type Html, html } from '../page/html.js';
import type { ComparedRun } from './data.js';

/** Colours of the style, `--run-1` and on. */
const COLOURS = 8;

/** As a value of CSS and SVG. */
export const colourOf = ({ index }: Pick<ComparedRun, 'index'>): string => `var(--run-${(index % COLOURS) + 1})`;

/** Runs beyond the colours have dashed curves. */
export const dashOf = ({ index }: Pick<ComparedRun, 'index'>): readonly [number, number] =>
  index < COLOURS ? [1, 0] : [6, 3];

/** The letter of a run in its colour. */
export const badge = (run: Pick<ComparedRun, 'index' | 'letter'>): Html =>
  html`<span class="badge" style="background: ${colourOf(run)}">${run.letter}</span>`;

/** Letter and name. */
export const named = (run: Pick<ComparedRun, 'index' | 'letter' | 'name'>): Html =>
  html`<span class="named">${badge(run)}<span>${run.name}</span></span>`;

/** All runs in a line, below a chart. */
export const legend = (runs: readonly ComparedRun[]): Html => html`<span class="legend">${runs.map(named)}</span>`;
