// Curves as SVG. vega draws them once, here; colours are the page's variables, so they follow light and dark.

import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Chart } from './picture.js';

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

/** Names of the axes. */
export interface Axes {
  readonly x: string;
  readonly y: string;
  readonly isZeroBased: boolean;
}

interface Curves extends Axes {
  readonly points: readonly Point[];
  /** Drawn strongly above the points, which fade; without it the points are the curve. */
  readonly trend?: readonly Point[];
}

type LayerSpec = Extract<TopLevelSpec, { readonly layer: unknown }>;
type Encoding = NonNullable<LayerSpec['encoding']>;
type Layers = LayerSpec['layer'];

const COLOURS = ['var(--after)', 'var(--second)', 'var(--right)', 'var(--ink)'];
/** More points than columns of a chart cannot be seen. */
const MOST_POINTS = 300;

/** A chart of one or more series. */
export function curves({ points, trend, ...axes }: Curves): Promise<Chart> {
  const line = (values: readonly Point[], opacity: number, strokeWidth: number) => ({
    data: { values: [...values] },
    mark: { type: 'line' as const, opacity, strokeWidth },
  });
  const dots = { data: { values: [...points] }, mark: { type: 'point' as const, filled: true, size: 36, opacity: 1 } };
  const layers = trend ? [line(points, 0.25, 1), line(trend, 1, 2.5)] : [line(points, 1, 2.5), dots];
  return chartOf(axes, { color: colours(points) }, layers);
}

/** Layers over the same axes, in both sizes. @param encoding  what else than x and y all layers have */
export const chartOf = async (axes: Axes, encoding: Encoding, layers: Layers): Promise<Chart> => ({
  wide: await svg(spec(axes, 780, 280, { encoding, layers })),
  narrow: await svg(spec(axes, 310, 220, { encoding, layers })),
});

/** Loss against step, with its running mean. */
export function lossCurves(
  steps: readonly { readonly step: number; readonly losses: Readonly<Record<string, number>> }[],
): Promise<Chart> {
  const names = Object.keys(steps[0]?.losses ?? {});
  const points = names.flatMap((series) =>
    steps.map(({ step, losses }) => ({ x: step, y: losses[series] ?? Number.NaN, series })),
  );
  const trend = names.flatMap((name) => runningMean(points.filter(({ series }) => series === name)));
  return curves({ points: thinned(points), trend: thinned(trend), x: 'step', y: 'loss', isZeroBased: false });
}

/** An exponential mean over about a thirtieth of one series, corrected for its start. */
export function runningMean(points: readonly Point[]): Point[] {
  const keep = 1 - 1 / Math.max(1, points.length / 30);
  let sum = 0;
  let weight = 0;
  return points.map((point) => {
    sum = keep * sum + (1 - keep) * point.y;
    weight = keep * weight + (1 - keep);
    return { ...point, y: sum / weight };
  });
}

/** As many points of each series as can be seen. */
export function thinned(points: readonly Point[]): Point[] {
  const names = [...new Set(points.map(({ series }) => series))];
  return names.flatMap((name) => {
    const own = points.filter(({ series }) => series === name);
    const every = Math.ceil(own.length / MOST_POINTS);
    return own.filter((_, i) => i % every === 0 || i === own.length - 1);
  });
}

function colours(points: readonly Point[]): NonNullable<Encoding['color']> {
  const symbols = { symbolType: 'stroke', symbolStrokeWidth: 3, symbolOpacity: 1 };
  return {
    ...{ field: 'series', type: 'nominal' },
    scale: { domain: [...new Set(points.map(({ series }) => series))], range: COLOURS },
    legend: { orient: 'top', title: null, labelFontSize: 13, ...symbols },
  };
}

interface Drawn {
  readonly encoding: Encoding;
  readonly layers: Layers;
}

function spec({ x, y, isZeroBased }: Axes, width: number, height: number, { encoding, layers }: Drawn): TopLevelSpec {
  return {
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    background: 'transparent',
    encoding: {
      x: { field: 'x', type: 'quantitative', title: x, scale: { nice: false }, axis: { tickMinStep: 1, grid: false } },
      y: { field: 'y', type: 'quantitative', title: y, scale: { zero: isZeroBased } },
      ...encoding,
    },
    layer: layers,
    config: {
      font: 'system-ui, sans-serif',
      view: { stroke: null },
      axis: {
        labelColor: 'var(--soft)',
        titleColor: 'var(--soft)',
        domainColor: 'var(--line)',
        tickColor: 'var(--line)',
        gridColor: 'var(--line)',
        titleFontWeight: 'normal',
        labelFontSize: 12,
        titleFontSize: 12,
        tickCount: width < 400 ? 4 : 6,
      },
      legend: { labelColor: 'var(--ink)' },
    },
  };
}

/** Without what names the dialect: inside HTML an SVG needs no address. */
async function svg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const text = await view.toSVG();
  view.finalize();
  return text.replace(/ xmlns(:\w+)?="[^"]*"/g, '');
}
