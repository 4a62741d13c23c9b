// The same few searches, questions or captions, epoch by epoch: what the training is good for.

import { Group, Slider, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Example } from '../../../../src/server/schema/index.js';
import { ExampleCard } from './example.js';
import type { Look } from './run.js';
import classes from './train.module.css';

export interface LooksProps {
  readonly looks: readonly Look[];
  /** Of what is shown. */
  readonly kind: 'image' | 'video';
}

export function Looks({ looks, kind }: LooksProps) {
  const [chosen, choose] = useState<number | null>(null); // null follows the newest
  const newest = looks.length - 1;
  const at = chosen === null || chosen > newest ? newest : chosen;
  const look = looks[at];
  if (!look) return null;
  return (
    <Stack gap="lg">
      <Times looks={looks} at={at} onChoose={(index) => choose(index === newest ? null : index)} />
      <ul className={classes.looks} data-task={look.examples[0]?.task}>
        {look.examples.map((example, i) => (
          <li key={keyOf(example, i)}>
            <ExampleCard
              kind={kind}
              example={example}
              past={looks.slice(0, at + 1).flatMap(({ examples }) => examples[i] ?? [])}
            />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

/** A slider over the times that were looked at, which arrow keys move. */
function Times({
  looks,
  at,
  onChoose,
}: {
  readonly looks: readonly Look[];
  readonly at: number;
  readonly onChoose: (index: number) => void;
}) {
  if (looks.length < 2) return <Text c="dimmed">{timeText(looks[0] as Look)}</Text>;
  return (
    <Group wrap="nowrap" gap="xl">
      <Text className={classes.time} aria-live="polite">
        {timeText(looks[at] as Look)}
      </Text>
      <Slider
        className={classes.times}
        min={0}
        max={looks.length - 1}
        value={at}
        onChange={onChoose}
        label={null}
        thumbLabel="Time of the training"
        marks={looks.map((_, value) => ({ value }))}
      />
    </Group>
  );
}

const timeText = ({ epoch }: Look): string => (epoch === 0 ? 'Before training' : `After epoch ${epoch}`);

function keyOf(example: Example, i: number): string {
  return example.task === 'retrieval'
    ? example.text
    : example.task === 'answering'
      ? `${i} ${example.question}`
      : `${i}`;
}
