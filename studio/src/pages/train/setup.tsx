// A new training in three choices, then the plan of what would happen.

import { Stack, Switch, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Dataset } from '../../../../src/server/schema/index.js';
import { Advanced, type AdvancedProps } from './advanced.js';
import { type Choices, type Effort, settingsOf, type Task, tasksOf } from './choices.js';
import { DatasetChoice } from './dataset.js';
import { EffortChoice, TaskChoice } from './effort.js';
import { Start } from './start.js';
import classes from './train.module.css';

export interface SetupProps {
  readonly datasets: readonly [Dataset, ...Dataset[]];
  /** Names of adapters and runs. */
  readonly taken: readonly string[];
}

export function Setup({ datasets, taken }: SetupProps) {
  const [choices, change] = useState(() => begin(datasets[0], taken));
  const { dataset, task, effort } = choices;
  const settingsFor = (wanted: Effort) => settingsOf(wanted, { dataset, task });
  const withEffort = (part: Pick<Chosen, 'dataset' | 'task'>, wanted: Effort) =>
    change({ ...choices, ...part, effort: wanted, ...settingsOf(wanted, part) });
  const chooseDataset = (next: Dataset) => {
    const possible = tasksOf(next);
    withEffort({ dataset: next, task: possible.includes(task) ? task : (possible[0] ?? task) }, effort ?? 'normal');
  };
  return (
    <Stack gap={56}>
      <Step number={1} title="What do you have?">
        <DatasetChoice datasets={datasets} chosen={dataset} onChoose={chooseDataset} />
      </Step>
      <Step number={2} title="What shall it learn?">
        <TaskChoice
          possible={tasksOf(dataset)}
          chosen={task}
          onChoose={(next: Task) => withEffort({ dataset, task: next }, effort ?? 'normal')}
        />
      </Step>
      <Step number={3} title="How long, and how large?">
        <EffortChoice
          settings={{ quick: settingsFor('quick'), normal: settingsFor('normal'), thorough: settingsFor('thorough') }}
          chosen={effort}
          onChoose={(next) => withEffort({ dataset, task }, next)}
        />
        <AdvancedSettings
          settings={choices}
          hasClips={dataset.kind !== 'images'}
          onChange={(settings) => change({ ...choices, ...settings, effort: null })}
        />
      </Step>
      <Step number={4} title="This would happen">
        <Start choices={choices} taken={taken} onChange={(part) => change({ ...choices, ...part })} />
      </Step>
    </Stack>
  );
}

interface Chosen extends Choices {
  /** Null when settings were changed one by one. */
  readonly effort: Effort | null;
}

function begin(dataset: Dataset, taken: readonly string[]): Chosen {
  const task = tasksOf(dataset)[0] ?? 'retrieval';
  const settings = settingsOf('quick', { dataset, task });
  return { name: freeName(dataset.name, taken), dataset, task, effort: 'quick', skipBad: false, ...settings };
}

/** `beach`, `beach-2` … */
function freeName(name: string, taken: readonly string[]): string {
  const names = [name, ...Array.from({ length: taken.length + 1 }, (_, i) => `${name}-${i + 2}`)];
  return names.find((candidate) => !taken.includes(candidate)) ?? name;
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}

function Step({ number, title, children }: StepProps) {
  return (
    <section className={classes.step}>
      <Title order={2} className={classes.heading}>
        <span className={classes.number}>{number}</span>
        {title}
      </Title>
      {children}
    </section>
  );
}

function AdvancedSettings(props: AdvancedProps) {
  const [isOpen, open] = useState(false);
  return (
    <div className={classes.advanced}>
      <Switch
        label="Change the settings one by one"
        checked={isOpen}
        onChange={(event) => open(event.currentTarget.checked)}
      />
      {isOpen && <Advanced {...props} />}
    </div>
  );
}
