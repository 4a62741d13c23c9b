// By how many ranks something moved.

import { Text } from '@mantine/core';
import { counted } from '../../parts/format.js';
import { DownIcon, UpIcon } from '../../parts/icons.js';
import classes from './search.module.css';

export interface RankChangeProps {
  /** Ranks; positive is better. */
  readonly by: number;
  /** What it is compared with, after `than`. */
  readonly than: string;
}

export function RankChange({ by, than }: RankChangeProps) {
  if (by === 0) return null;
  const Icon = by > 0 ? UpIcon : DownIcon;
  const words = `${counted(Math.abs(by), 'rank')} ${by > 0 ? 'higher' : 'lower'} than ${than}`;
  return (
    <Text span size="xs" className={classes.change} data-up={by > 0 || undefined} title={words}>
      <Icon size={13} />
      <span aria-hidden>{Math.abs(by)}</span>
      <span className={classes.unseen}>{words}</span>
    </Text>
  );
}
