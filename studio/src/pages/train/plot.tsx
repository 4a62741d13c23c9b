// A line chart by uPlot that follows its data, its width and the colour scheme.

import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import classes from './plot.module.css';

export interface Curve {
  readonly name: string;
  /** A CSS variable, since its value depends on the colour scheme. */
  readonly colour: string;
  readonly width: number;
  /** Opacity, default 1. */
  readonly alpha?: number;
  readonly dash?: readonly number[];
  readonly points?: boolean;
  readonly values: readonly (number | null)[];
}

export interface PlotProps {
  /** What the chart shows, for who cannot see it. */
  readonly label: string;
  readonly x: { readonly name: string; readonly values: readonly number[] };
  readonly curves: readonly Curve[];
  readonly height: number;
  /** How a value is written beside the axis and under the pointer. */
  readonly format: (value: number) => string;
}

export function Plot({ label, x, curves, height, format }: PlotProps) {
  const { ref: sized, width } = useElementSize();
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const colorScheme = useComputedColorScheme('light');
  const look = JSON.stringify([colorScheme, curves.map(({ values: _, ...rest }) => rest)]);
  const data = [x.values, ...curves.map(({ values }) => values)] as unknown as uPlot.AlignedData;

  // made anew when its look changes; data and width follow below
  useEffect(() => {
    if (!root.current || width === 0) return;
    const made = new uPlot(optionsOf({ x, curves, format, height }, root.current, width), data, root.current);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [look, width === 0]);

  useEffect(() => plot.current?.setData(data), [data]);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width, height]);

  return <div ref={useMergedRef(sized, root)} role="img" aria-label={label} className={classes.plot} />;
}

function optionsOf(
  { x, curves, format, height }: Omit<PlotProps, 'label'>,
  element: HTMLElement,
  width: number,
): uPlot.Options {
  const style = getComputedStyle(element);
  const cssValue = (name: string) => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: cssValue('--mantine-color-dimmed'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: cssValue('--mantine-color-default-border'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [12, 12, 0, 0],
    cursor: { drag: { setScale: false, x: false }, points: { size: 8 } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5] },
      { ...axis, size: 52, values: (_, values) => values.map(format) },
    ],
    series: [
      { label: x.name, value: (_, value) => (value === null ? '' : `${value}`) },
      ...curves.map(
        (curve): uPlot.Series => ({
          label: curve.name,
          stroke: cssValue(curve.colour),
          width: curve.width,
          alpha: curve.alpha ?? 1,
          ...(curve.dash && { dash: [...curve.dash] }),
          points: { show: curve.points ?? false, size: 7, fill: cssValue(curve.colour) },
          value: (_, value) => (value === null || value === undefined ? '' : format(value)),
        }),
      ),
    ],
  };
}
