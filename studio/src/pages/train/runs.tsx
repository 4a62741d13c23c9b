// Earlier runs and the one that is under way.

import { Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '../../../../src/server/schema/index.js';
import { isOver } from '../../api/jobs.js';
import { jobsQuery } from '../../api/queries.js';
import { Link } from '../../app/link.js';
import { ago, count, duration } from '../../parts/format.js';
import { ErrorState } from '../../parts/states.js';
import { adapterOf } from './run.js';
import { StateBadge } from './state.js';
import classes from './train.module.css';

/** While one runs. */
const ASK_EVERY_MS = 3000;

export function Runs() {
  const { data, error, refetch } = useQuery({
    ...jobsQuery,
    refetchInterval: ({ state }) => (state.data?.some((job) => !isOver(job)) ? ASK_EVERY_MS : false),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton height={72} />;
  const runs = data.filter(({ kind }) => kind === 'train').toSorted((a, b) => b.created.localeCompare(a.created));
  if (runs.length === 0) return <Text c="dimmed">None yet. What you train is kept and listed here.</Text>;
  return (
    <Stack component="ul" gap={4} className={classes.runs}>
      {runs.map((job) => (
        <li key={job.id}>
          <Run job={job} />
        </li>
      ))}
    </Stack>
  );
}

function Run({ job }: { readonly job: Job }) {
  const { id, state, done, all, secondsLeft, created, error } = job;
  return (
    <Link to={`/train/${id}`} className={classes.run}>
      <Text component="span" fw={600} truncate>
        {adapterOf(job)}
      </Text>
      <StateBadge state={state} />
      {state === 'running' ? (
        <>
          <Progress
            value={all > 0 ? (100 * done) / all : 0}
            size="xs"
            aria-label="Steps done"
            className={classes.wide}
          />
          <Text component="span" size="xs" c="dimmed" className={classes.wide}>
            {all > 0 && `${count(done)} of ${count(all)} steps`}
            {secondsLeft !== null && `, ${duration(secondsLeft)} left`}
          </Text>
        </>
      ) : (
        <Text component="span" size="xs" c="dimmed" className={classes.wide} lineClamp={2}>
          {error ?? ago(created)}
        </Text>
      )}
    </Link>
  );
}
