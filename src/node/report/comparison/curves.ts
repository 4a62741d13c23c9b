// Curves of several runs in one chart: a colour and a letter each, so that no eye and no printer needs the colours.

import { headlineOf } from '../../../evaluate/index.js';
import { type Axes, chartOf, runningMean, thinned } from '../charts.js';
import type { Chart } from '../data.js';
import type { ComparedRun } from './data.js';
import { colourOf, dashOf } from './look.js';

interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

/** Letters at the ends of curves are at least this share of the height apart. */
const LETTER_GAP = 0.075;

/** Running means of the total loss against epochs, since batches may differ; null where no run has any. */
export async function lossChart(runs: readonly ComparedRun[]): Promise<Chart | null> {
  const points = runs.flatMap(({ letter, plan, steps }) => {
    const own = steps.map(({ step, losses }) => ({ x: step, y: losses.total ?? Number.NaN, series: letter }));
    const perEpoch = plan ? plan.steps / plan.epochs : 1;
    return thinned(runningMean(own)).map((point) => ({ ...point, x: point.x / perEpoch }));
  });
  return draw(runs, points, { x: 'epoch', y: 'loss', isZeroBased: false });
}

/** The headline figure on the validation split; null where no run was validated twice. */
export async function scoreChart(runs: readonly ComparedRun[]): Promise<Chart | null> {
  if (!runs.some(({ validations }) => validations.length > 1)) return null;
  const points = runs.flatMap(({ letter, validations }) =>
    validations.map(({ epoch, scores }) => ({ x: epoch + 1, y: headlineOf(scores), series: letter })),
  );
  const isCaptioning = runs[0]?.recipe.task === 'captioning';
  return draw(runs, points, { x: 'epoch', y: isCaptioning ? 'CIDEr' : '%', isZeroBased: true }, true);
}

async function draw(
  runs: readonly ComparedRun[],
  points: readonly Point[],
  axes: Axes,
  hasDots = false,
): Promise<Chart | null> {
  const drawn = runs.filter(({ letter }) => points.some(({ series }) => series === letter));
  if (drawn.length === 0) return null;
  const domain = drawn.map(({ letter }) => letter);
  const series = { field: 'series', type: 'nominal' as const, legend: null };
  const colour = { ...series, scale: { domain, range: drawn.map(colourOf) } };
  const line = {
    data: { values: [...points] },
    mark: { type: 'line' as const, strokeWidth: 2.5, point: hasDots && { size: 30, filled: true } },
    encoding: { strokeDash: { ...series, scale: { domain, range: drawn.map(dashOf) } } },
  };
  const letters = {
    data: { values: ends(points, axes) },
    mark: { type: 'text' as const, align: 'left' as const, dx: 7, fontWeight: 'bold' as const, fontSize: 13 },
    encoding: { text: { field: 'series' } },
  };
  return chartOf(axes, { color: colour }, [line, letters]);
}

/** Where letters stand: at the last point of each curve, moved apart where they would cover each other. */
function ends(points: readonly Point[], { isZeroBased }: Axes): Point[] {
  const last = [...new Map(points.map((point) => [point.series, point])).values()].sort((a, b) => a.y - b.y);
  const heights = points.map(({ y }) => y);
  const gap = LETTER_GAP * (Math.max(...heights) - Math.min(...heights, isZeroBased ? 0 : Number.POSITIVE_INFINITY));
  let floor = Number.NEGATIVE_INFINITY;
  return last.map((point) => {
    const y = Math.max(point.y, floor);
    floor = y + gap;
    return { ...point, y };
  });
}
