// 2 and 3 · What shall it learn, how long and how large.

import { Radio, SimpleGrid, Text } from '@mantine/core';
import { counted } from '../../parts/format.js';
import { EFFORTS, type Effort, type Settings, TASKS, type Task } from './choices.js';
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
        {TASKS.map((task) =>
          possible.includes(task) ? (
            <Choice key={task} value={task} {...TASK_WORDS[task]} />
          ) : (
            <Impossible key={task} name={TASK_WORDS[task].name} />
          ),
        )}
      </SimpleGrid>
    </Radio.Group>
  );
}

export interface EffortChoiceProps {
  /** What each means in numbers. */
  readonly settings: Readonly<Record<Effort, Settings>>;
  /** Null when settings were changed one by one. */
  readonly chosen: Effort | null;
  readonly onChoose: (effort: Effort) => void;
}

export function EffortChoice({ settings, chosen, onChoose }: EffortChoiceProps) {
  return (
    <Radio.Group value={chosen} onChange={(effort) => onChoose(effort as Effort)} aria-label="Effort">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        {EFFORTS.map((effort) => (
          <Choice
            key={effort}
            value={effort}
            {...EFFORT_WORDS[effort]}
            numbers={`${counted(settings[effort].epochs, 'epoch')}, R ${settings[effort].size}`}
          />
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

interface ChoiceProps {
  readonly value: string;
  readonly name: string;
  readonly about: string;
  readonly numbers?: string;
}

function Choice({ value, name, about, numbers }: ChoiceProps) {
  return (
    <Radio.Card value={value} className={classes.choice} aria-label={name}>
      <Text fw={600}>{name}</Text>
      <Text size="sm" c="dimmed">
        {about}
      </Text>
      {numbers && (
        <Text size="sm" mt={6}>
          {numbers}
        </Text>
      )}
    </Radio.Card>
  );
}

/** A task that the dataset has no texts for; no choice, so that arrow keys pass by. */
function Impossible({ name }: Pick<ChoiceProps, 'name'>) {
  return (
    <div className={classes.impossible}>
      <Text fw={600}>{name}</Text>
      <Text size="sm">This dataset has no texts for it.</Text>
    </div>
  );
}
