// A number between 0 and 1 as a bar and as digits.

import { Text } from '@mantine/core';
import { percent } from './format.js';
import classes from './score-bar.module.css';

export interface ScoreBarProps {
  /** What the number is, for who cannot see the bar. */
  readonly label: string;
  /** Between 0 and 1; what lies outside is drawn as the nearest. */
  readonly value: number;
  /** How the number is written; default percent. */
  readonly text?: string;
  /** `quiet` is grey: for what is not the point. */
  readonly tone?: 'accent' | 'quiet';
}

export function ScoreBar({ label, value, text = percent(value), tone = 'accent' }: ScoreBarProps) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <div className={classes.bar} data-tone={tone} role="img" aria-label={`${label}: ${text}`}>
      <div className={classes.track} aria-hidden>
        <div className={classes.fill} style={{ width: `${share * 100}%` }} />
      </div>
      <Text size="xs" className={classes.text} aria-hidden>
        {text}
      </Text>
    </div>
  );
}
