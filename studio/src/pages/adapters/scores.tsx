// What an adapter scores on the test split.

import { Text } from '@mantine/core';
import classes from './adapters.module.css';

export interface ScoresProps {
  /** In the order to show them. */
  readonly scores: Readonly<Record<string, number>>;
  /** How many are shown at most; default the first two. */
  readonly limit?: number;
}

export function Scores({ scores, limit = 2 }: ScoresProps) {
  const shown = Object.entries(scores).slice(0, limit);
  if (shown.length === 0)
    return (
      <Text size="sm" c="dimmed">
        not measured
      </Text>
    );
  return (
    <dl className={classes.scores}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value.toFixed(value < 2 ? 3 : 1)}</dd>
        </div>
      ))}
    </dl>
  );
}
