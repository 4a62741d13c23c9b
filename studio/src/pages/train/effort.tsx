// 2 and 3 · What shall it learn, how long and how large.

import { Radio, SimpleGrid, Text } from '@mantine/core';
import { EFFORTS, type Effort, TASKS, type Task } from './choices.js';
import classes from './train.module.css';
import { EFFORT_WORDS, TASK_WORDS } from './words.js';

export interface TaskChoiceProps {
  /** Those that the dataset has texts for. */
  readonly possible: readonly Task[];
  readonly chosen: Task;
  readonly onChoose: (task: Task) => void;
}

export function TaskChoice({ possible, chosen, onChoose }: TaskChoiceProps) {
  return (
    <Radio.Group value={chosen} onChange={(task) => onChoose(task as Task)} aria-label="Task">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        {TASKS.map((task) => (
          <Choice key={task} value={task} {...TASK_WORDS[task]} isDisabled={!possible.includes(task)} />
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

export interface EffortChoiceProps {
  /** Null when settings were changed one by one. */
  readonly chosen: Effort | null;
  readonly onChoose: (effort: Effort) => void;
}

export function EffortChoice({ chosen, onChoose }: EffortChoiceProps) {
  return (
    <Radio.Group value={chosen} onChange={(effort) => onChoose(effort as Effort)} aria-label="Effort">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        {EFFORTS.map((effort) => (
          <Choice key={effort} value={effort} {...EFFORT_WORDS[effort]} />
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

interface ChoiceProps {
  readonly value: string;
  readonly name: string;
  readonly about: string;
  readonly isDisabled?: boolean;
}

function Choice({ value, name, about, isDisabled = false }: ChoiceProps) {
  return (
    <Radio.Card value={value} className={classes.choice} disabled={isDisabled} aria-label={name}>
      <Text fw={600}>{name}</Text>
      <Text size="sm" c="dimmed">
        {isDisabled ? 'This dataset has no texts for it.' : about}
      </Text>
    </Radio.Card>
  );
}
