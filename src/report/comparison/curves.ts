// Curves of several runs in one chart: a colour and a letter each, so that no eye and no printer needs the colours.

import { headlineOf } from '../../evaluate/index.js';
import { type Axes, chartOf, runningMean, thinned } from '../page/charts.js';
import type { Chart } from '../page/picture.js';
import type { ComparedRun } from './data.js';
import { colourOf, dashOf } from './look.js';

interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

/** Of a letter at the end of a curve, as shares of what the points span. */
const LETTER_HEIGHT = 0.09;
const LETTER_WIDTH = 0.05;

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
  return draw(runs, points, { x: 'epoch', y: isCaptioning ? 'CIDEr' : '%', isZeroBased: false }, true);
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
    data: { values: ends(points) },
    mark: { type: 'text' as const, align: 'left' as const, dx: 7, fontWeight: 'bold' as const, fontSize: 13 },
    encoding: { text: { field: 'series' } },
  };
  return chartOf(axes, { color: colour }, [line, letters]);
}

/** Where letters stand: at the last point of each curve, moved apart where they would cover each other. */
function ends(points: readonly Point[]): Point[] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const last = [...new Map(points.map((point) => [point.series, point])).values()];
  const columns = new Map<number, Point[]>();
  for (const point of last) {
    const column = Math.round(point.x / (LETTER_WIDTH * extent(xs) || 1));
    columns.set(column, [...(columns.get(column) ?? []), point]);
  }
  return [...columns.values()].flatMap((column) => {
    const sorted = column.sort((a, b) => a.y - b.y);
    const heights = spread(
      sorted.map(({ y }) => y),
      LETTER_HEIGHT * extent(ys),
    );
    return sorted.map((point, i) => ({ ...point, y: heights[i] as number }));
  });
}

const extent = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/**
 * Ascending numbers moved as little as it takes to be `gap` apart, by least squares: without the gaps they have to ascend,
 * and what does not is replaced by its mean.
 */
export function spread(values: readonly number[], gap: number): readonly number[] {
  const blocks: { mean: number; count: number }[] = [];
  for (const [i, value] of values.entries()) {
    let block = { mean: value - i * gap, count: 1 };
    for (let below = blocks.at(-1); below && below.mean > block.mean; below = blocks.at(-1)) {
      const count = below.count + block.count;
      block = { mean: (below.count * below.mean + block.count * block.mean) / count, count };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks
    .flatMap(({ mean, count }) => Array.from({ length: count }, () => mean))
    .map((mean, i) => mean + i * gap);
}
