// What a training looks like from afar: the loss step by step, the scores epoch by epoch.

import { type Figure, figuresOfScores, headlines, namedText, nameOf } from '../../parts/figures.js';
import { smoothed, spanOf } from './curve.js';
import { type Curve, Plot } from './plot.js';
import type { Evaluation, RunView } from './run.js';

const HEIGHT = 240;

/** Colours of parts of the loss, or of figures, in order. */
const COLOURS = ['--studio-accent', '--studio-down', '--mantine-color-dimmed'] as const;

/** Words for the parts of the loss. */
const PARTS: Readonly<Record<string, string>> = {
  itc: 'contrast',
  itm: 'matching',
};

/** The weighted sum as it was measured, pale, and smoothed; its parts, where there are several, smoothed. */
export function LossCurve({ steps }: Pick<RunView, 'steps'>) {
  const span = spanOf(steps.length);
  const valuesOf = (name: string) => steps.map(({ losses }) => losses[name] ?? 0);
  const total = valuesOf('total');
  const even = smoothed(total, span);
  const parts = Object.keys(steps[0]?.losses ?? {}).filter((name) => name !== 'total');
  const curves: Curve[] = [
    { name: 'each step', colour: COLOURS[0], width: 1, alpha: 0.28, values: total },
    { name: 'loss', colour: COLOURS[0], width: 2, values: even },
    ...(parts.length < 2 ? [] : parts).map((name, i) => ({
      ...{ name: PARTS[name] ?? name, colour: COLOURS[i + 1] ?? COLOURS[1], width: 1.5, dash: [4, 3] },
      values: smoothed(valuesOf(name), span),
    })),
  ];
  const label = `Loss over ${steps.length} steps, from ${(even[0] ?? 0).toFixed(2)} to ${(even.at(-1) ?? 0).toFixed(2)}`;
  const x = { name: 'step', values: steps.map(({ step }) => step) };
  return <Plot label={label} x={x} curves={curves} height={HEIGHT} format={(value) => value.toFixed(2)} />;
}

/** The headline figures on the validation split. */
export function ScoreCurve({ evaluations }: Pick<RunView, 'evaluations'>) {
  const rows = evaluations.map(({ scores }) => (scores ? headlines(figuresOfScores(scores)) : []));
  const names = (rows.find((row) => row.length > 0) ?? []).map(nameOf);
  const curves = names.map((name, i) => ({
    ...{ name, colour: COLOURS[i] ?? COLOURS[0], width: 2, points: true },
    values: rows.map((row) => row.find((figure) => nameOf(figure) === name)?.value ?? null),
  }));
  const x = { name: 'epoch', values: evaluations.map(({ epoch }) => epoch + 1) };
  const isPercent = rows.flat().every((figure) => figure.isPercent);
  const format = (value: number) => `${Number(value.toFixed(1))}${isPercent ? ' %' : ''}`;
  return <Plot label={scoreLabel(evaluations, rows)} x={x} curves={curves} height={HEIGHT} format={format} />;
}

function scoreLabel(evaluations: readonly Evaluation[], rows: readonly (readonly Figure[])[]): string {
  const newest = (rows.at(-1) ?? []).map(namedText).join(', ');
  return `Scores after ${evaluations.length} evaluations, the newest: ${newest}`;
}
