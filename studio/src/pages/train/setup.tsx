// A new training in three choices, then the plan of what would happen.

import { Button, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Dataset, Info, Job } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { jobsQuery } from '../../api/queries.js';
import { go } from '../../app/place.js';
import { ErrorState, LoadingLines } from '../../parts/states.js';
import { Advanced } from './advanced.js';
import { type Choices, type Effort, requestOf, type Settings, settingsOf, type Task, tasksOf } from './choices.js';
import { DatasetChoice } from './dataset.js';
import { EffortChoice, TaskChoice } from './effort.js';
import { Plan } from './plan.js';
import classes from './train.module.css';

export interface SetupProps {
  readonly datasets: readonly [Dataset, ...Dataset[]];
  readonly info: Info;
  /** Names of adapters and runs. */
  readonly taken: readonly string[];
}

export function Setup({ datasets, info, taken }: SetupProps) {
  const [choices, change] = useState(() => begin(datasets[0], info, taken));
  const { dataset, task, effort } = choices;
  const settingsFor = (wanted: Effort) => settingsOf(wanted, { dataset, task }, info.backbone.parameters);
  const withEffort = (part: Pick<Chosen, 'dataset' | 'task'>, wanted: Effort) =>
    change({ ...choices, ...part, effort: wanted, ...settingsOf(wanted, part, info.backbone.parameters) });
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

function begin(dataset: Dataset, { backbone }: Info, taken: readonly string[]): Chosen {
  const task = tasksOf(dataset)[0] ?? 'retrieval';
  const settings = settingsOf('quick', { dataset, task }, backbone.parameters);
  return { name: freeName(dataset.name, taken), dataset, task, effort: 'quick', skipBad: false, ...settings };
}

/** `beach`, `beach-2` … */
function freeName(name: string, taken: readonly string[]): string {
  const names = [name, ...Array.from({ length: taken.length + 1 }, (_, i) => `${name}-${i + 2}`)];
  return names.find((candidate) => !taken.includes(candidate)) ?? name;
}

function Step({
  number,
  title,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}) {
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

function AdvancedSettings(props: {
  readonly settings: Settings;
  readonly hasClips: boolean;
  readonly onChange: (settings: Settings) => void;
}) {
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

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function Start({
  choices,
  taken,
  onChange,
}: {
  readonly choices: Choices;
  readonly taken: readonly string[];
  readonly onChange: (part: Partial<Choices>) => void;
}) {
  const queries = useQueryClient();
  // what cannot be used is told by the plan, not refused
  const [recipe] = useDebouncedValue(JSON.stringify(requestOf({ ...choices, skipBad: true }).recipe), 300);
  const plan = useQuery({
    queryKey: ['plan', recipe],
    queryFn: ({ signal }) => client.planTraining({ name: 'plan', recipe: JSON.parse(recipe) }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const start = useMutation({
    mutationFn: () => client.startTraining(requestOf(choices)),
    onSuccess: (job: Job) => {
      void queries.invalidateQueries(jobsQuery);
      go(`/train/${job.id}`);
    },
  });
  const flaw = nameFlaw(choices.name, taken);
  const isReady = plan.data !== undefined && (choices.skipBad || plan.data.problems.length === 0);
  return (
    <Stack gap="xl">
      {plan.error ? (
        <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
      ) : plan.data ? (
        <div className={classes.planned} data-stale={plan.isPlaceholderData || undefined}>
          <Plan plan={plan.data} isLeftOut={choices.skipBad} onLeaveOut={(skipBad) => onChange({ skipBad })} />
        </div>
      ) : (
        <LoadingLines lines={5} label="Looking through the data" />
      )}
      <Group align="flex-start" gap="md">
        <TextInput
          size="md"
          label="Name of the adapter"
          value={choices.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
          error={flaw}
          className={classes.name}
        />
        <Button
          size="md"
          mt={27}
          onClick={() => start.mutate()}
          loading={start.isPending}
          disabled={flaw !== null || !isReady}
        >
          Start training
        </Button>
      </Group>
      {start.error && <ErrorState error={start.error} onRetry={() => start.mutate()} />}
      <Text size="sm" c="dimmed">
        Training goes on when you close this page. You can stop it at any time and go on later.
      </Text>
    </Stack>
  );
}

function nameFlaw(name: string, taken: readonly string[]): string | null {
  if (!NAME.test(name)) return 'Letters, digits, dots and dashes, at most 64.';
  return taken.includes(name) ? 'An adapter or a run has this name already.' : null;
}
