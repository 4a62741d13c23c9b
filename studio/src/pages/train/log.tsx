// What a run told, the newest first.

import { Text } from '@mantine/core';
import type { Line } from './run.js';
import classes from './train.module.css';

export function Log({ lines }: { readonly lines: readonly Line[] }) {
  if (lines.length === 0) return <Text c="dimmed">Nothing yet.</Text>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <ol className={classes.log} tabIndex={0} aria-label="Log, the newest first">
      {lines.toReversed().map(({ id, text, isProblem }) => (
        <li key={id} data-problem={isProblem || undefined}>
          {text}
        </li>
      ))}
    </ol>
  );
}
