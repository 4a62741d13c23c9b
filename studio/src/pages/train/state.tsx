// The state of a job in a word and a dot.

import { Text } from '@mantine/core';
import type { Job } from '../../../../src/server/schema/index.js';
import classes from './train.module.css';

const WORDS: Readonly<Record<Job['state'], string>> = {
  waiting: 'waits for its turn',
  running: 'running',
  stopped: 'stopped',
  done: 'finished',
  failed: 'failed',
};

export function StateBadge({ state }: Pick<Job, 'state'>) {
  return (
    <Text component="span" size="sm" className={classes.state} data-state={state}>
      {WORDS[state]}
    </Text>
  );
}
