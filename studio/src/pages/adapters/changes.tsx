// How much an adapter changed, as bars along the layers, a small chart for each role.

import { Text } from '@mantine/core';
import classes from './adapters.module.css';
import { changesOf, type LayerChange, type Module, rolesOf } from './layers.js';

export function Changes({ modules }: { readonly modules: readonly Module[] }) {
  const charts = rolesOf(modules)
    .map(({ role, modules: its }) => ({ role, changes: changesOf(its) }))
    .filter(({ changes }) => changes.length > 0);
  // one scale for all, so that charts can be compared
  const largest = Math.max(...charts.flatMap(({ changes }) => changes.map(({ change }) => change)));
  if (charts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing is known of what this method changes in a layer.
      </Text>
    );
  return (
    <div className={classes.charts}>
      {charts.map(({ role, changes }) => (
        <Chart key={role} role={role} changes={changes} largest={largest} />
      ))}
    </div>
  );
}

interface ChartProps {
  readonly role: string;
  readonly changes: readonly LayerChange[];
  readonly largest: number;
}

function Chart({ role, changes, largest }: ChartProps) {
  const top = Math.max(...changes.map(({ change }) => change));
  const last = changes.at(-1)?.layer ?? 0;
  const told = changes.map(({ layer, change }) => `layer ${layer}: ${digits(change)}`).join(', ');
  return (
    <figure className={classes.chart}>
      <figcaption>
        <Text size="sm">{role}</Text>
        <Text size="xs" c="dimmed">
          RMS up to {digits(top)}
        </Text>
      </figcaption>
      <div className={classes.bars} role="img" aria-label={`${role}, RMS of the change: ${told}`}>
        {changes.map(({ layer, change }) => (
          <div key={layer} className={classes.barSlot} title={`Layer ${layer}: ${digits(change)}`}>
            <div className={classes.barFill} style={{ height: `${largest > 0 ? (change / largest) * 100 : 0}%` }} />
          </div>
        ))}
      </div>
      <Text size="xs" c="dimmed" className={classes.axis} aria-hidden>
        <span>layer {changes[0]?.layer}</span>
        {changes.length > 1 && <span>{last}</span>}
      </Text>
    </figure>
  );
}

const digits = (value: number): string => (value === 0 ? '0' : value.toPrecision(2));
