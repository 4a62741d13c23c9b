// Whether a library has an index under an adapter, and a button that makes one.

import { Button, Group, Progress, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Job, Library } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { isOver, useJob } from '../../api/jobs.js';
import { jobsQuery, NO_ADAPTER } from '../../api/queries.js';
import { count, counted, duration } from '../../parts/format.js';
import { SearchIcon } from '../../parts/icons.js';
import { EmptyState, ErrorState } from '../../parts/states.js';
import classes from './search.module.css';

export interface IndexProps {
  readonly library: Library;
  readonly adapter: string;
}

/** Instead of hits, where there is no index. */
export function MissingIndex({ library, adapter }: IndexProps) {
  const indexing = useIndexing({ library, adapter });
  if (indexing.job)
    return (
      <EmptyState icon={<SearchIcon size={26} />} title={`Indexing ${library.name}`}>
        <IndexProgress job={indexing.job} />
      </EmptyState>
    );
  return (
    <>
      {indexing.error && <ErrorState error={indexing.error} />}
      <EmptyState
        icon={<SearchIcon size={26} />}
        title={`${library.name} is not indexed with ${adapter === NO_ADAPTER ? 'the backbone alone' : adapter} yet`}
        action={
          <Button loading={indexing.isStarting} onClick={indexing.start}>
            Index {counted(library.items, 'file')}
          </Button>
        }
      >
        Each picture and clip is looked at once; after that, searching takes moments. Every adapter sees differently, so
        every adapter has an index of its own.
      </EmptyState>
    </>
  );
}

/** Above hits, where files have changed since. */
export function IndexNote({ library, adapter }: IndexProps) {
  const index = library.indexes.find((other) => other.adapter === adapter);
  const indexing = useIndexing({ library, adapter });
  if (indexing.job)
    return (
      <div className={classes.note}>
        <IndexProgress job={indexing.job} />
      </div>
    );
  if (!index || (index.isCurrent && index.unreadable === 0 && !indexing.error)) return null;
  return (
    <div className={classes.note}>
      {indexing.error && <ErrorState error={indexing.error} />}
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          {index.isCurrent
            ? `${counted(index.unreadable, 'file')} could not be read and will not be found.`
            : 'Files or the adapter changed since this library was indexed.'}
        </Text>
        {!index.isCurrent && (
          <Button size="xs" variant="default" loading={indexing.isStarting} onClick={indexing.start}>
            Update the index
          </Button>
        )}
      </Group>
    </div>
  );
}

function IndexProgress({ job }: { readonly job: Job }) {
  const share = job.all > 0 ? job.done / job.all : 0;
  return (
    <div className={classes.progress}>
      <Progress value={share * 100} aria-label="Files that were looked at" />
      <Text size="sm" c="dimmed" mt={6} role="status">
        {job.state === 'waiting'
          ? 'Waits for other work to end'
          : `${count(job.done)} of ${count(job.all)} files${job.secondsLeft === null ? '' : `, ${duration(Math.max(1, Math.round(job.secondsLeft)))} left`}`}
      </Text>
    </div>
  );
}

/** The job that is indexing this library with this adapter, whoever started it, and how to start one. */
function useIndexing({ library, adapter }: IndexProps) {
  const cache = useQueryClient();
  const [started, setStarted] = useState<string | null>(null);
  const jobs = useQuery(jobsQuery);
  const start = useMutation({
    mutationFn: () => client.startIndex({ library: library.name, adapter }),
    onSuccess: ({ id }) => setStarted(id),
  });
  const running = jobs.data?.find(
    (other) =>
      other.kind === 'index' &&
      !isOver(other) &&
      other.request.library === library.name &&
      other.request.adapter === adapter,
  );
  const { job, isOver: isDone } = useJob(started ?? running?.id ?? null);
  useEffect(() => {
    if (!isDone) return;
    setStarted(null);
    for (const queryKey of [['jobs'], ['libraries'], ['search'], ['items']]) void cache.invalidateQueries({ queryKey });
  }, [isDone, cache]);
  const failure = job?.state === 'failed' ? new Error(job.error ?? 'Indexing failed') : null;
  return {
    job: job && !isDone ? job : null,
    error: start.error ?? failure,
    isStarting: start.isPending,
    start: () => start.mutate(),
  };
}
