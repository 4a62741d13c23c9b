// The plan of what would happen, a name, and the button that makes it happen.

import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { nameSchema } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { jobsQuery } from '../../api/queries.js';
import { go } from '../../app/place.js';
import { ErrorState, LoadingLines } from '../../parts/states.js';
import { type Choices, requestOf } from './choices.js';
import { Plan } from './plan.js';
import classes from './train.module.css';

export interface StartProps {
  readonly choices: Choices;
  /** Names of adapters and runs. */
  readonly taken: readonly string[];
  readonly onChange: (part: Pick<Choices, 'name'> | Pick<Choices, 'skipBad'>) => void;
}

export function Start({ choices, taken, onChange }: StartProps) {
  const queries = useQueryClient();
  // what cannot be used is told by the plan, not refused
  const wanted = JSON.stringify(requestOf({ ...choices, skipBad: true }).recipe);
  const [recipe] = useDebouncedValue(wanted, 300);
  const plan = useQuery({
    queryKey: ['plan', recipe],
    queryFn: ({ signal }) => client.planTraining({ name: 'plan', recipe: JSON.parse(recipe) }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const start = useMutation({
    mutationFn: () => client.startTraining(requestOf(choices)),
    onSuccess: () => void queries.invalidateQueries(jobsQuery),
  });
  const begin = () => start.mutate(undefined, { onSuccess: ({ id }) => go(`/train/${id}`) });
  const flaw = nameFlaw(choices.name, taken);
  // what is shown may still be the plan of earlier choices
  const isCurrent = recipe === wanted && !plan.isPlaceholderData;
  const isReady = isCurrent && plan.data !== undefined && (choices.skipBad || plan.data.problems.length === 0);
  return (
    <Stack gap="xl">
      {plan.error ? (
        <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
      ) : plan.data ? (
        <div className={classes.planned} data-stale={!isCurrent || undefined}>
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
        <Button size="md" mt={27} onClick={begin} loading={start.isPending} disabled={flaw !== null || !isReady}>
          Start training
        </Button>
      </Group>
      {start.error && <ErrorState error={start.error} onRetry={begin} />}
      <Text size="sm" c="dimmed">
        Training goes on when you close this page. You can stop it at any time and go on later.
      </Text>
    </Stack>
  );
}

function nameFlaw(name: string, taken: readonly string[]): string | null {
  if (!nameSchema.safeParse(name).success) return 'Letters, digits, dots and dashes, at most 64.';
  return taken.includes(name) ? 'An adapter or a run has this name already.' : null;
}
