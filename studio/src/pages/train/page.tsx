// Train: from a dataset to an adapter, without having to know what a learning rate is.

import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { adaptersQuery, datasetsQuery, infoQuery, jobsQuery } from '../../api/queries.js';
import type { PageProps } from '../../app/pages.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState, ErrorState, LoadingLines } from '../../parts/states.js';
import { LiveRun } from './live.js';
import { adapterOf } from './run.js';
import { Runs } from './runs.js';
import { Setup } from './setup.js';
import classes from './train.module.css';

export default function TrainPage({ rest: [id] }: PageProps) {
  if (id !== undefined) return <LiveRun key={id} id={id} />;
  return (
    <PageFrame
      title="Train"
      about="Teach the model your own pictures and clips. It stays as it is; what is learnt goes into a small file beside it, an adapter."
    >
      <div className={classes.page}>
        <NewRun />
        <aside aria-label="Runs">
          <Title order={2} className={classes.heading}>
            Runs
          </Title>
          <Runs />
        </aside>
      </div>
    </PageFrame>
  );
}

function NewRun() {
  const datasets = useQuery(datasetsQuery);
  const info = useQuery(infoQuery);
  const adapters = useQuery(adaptersQuery);
  const jobs = useQuery(jobsQuery);
  const failed = [datasets, info, adapters, jobs].find(({ error }) => error);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!datasets.data || !info.data || !adapters.data || !jobs.data)
    return <LoadingLines lines={8} label="Looking what there is to learn from" />;
  if (!info.data.canTrain)
    return <EmptyState title="This server does not train">It was started to search and answer only.</EmptyState>;
  const [first, ...others] = datasets.data.toSorted((a, b) => Number(a.problem !== null) - Number(b.problem !== null));
  if (!first) return <NoData />;
  if (first.problem !== null) return <EmptyState title="Nothing to learn from now">{first.problem}</EmptyState>;
  const runs = jobs.data.filter(({ kind }) => kind === 'train').map(adapterOf);
  const taken = [...adapters.data.map(({ name }) => name), ...runs];
  return <Setup datasets={[first, ...others]} taken={taken} />;
}

function NoData() {
  return (
    <EmptyState title="Nothing to learn from yet">
      Start the server with a folder of pictures or clips that have captions or questions:{' '}
      <code>uniadapter serve --data FOLDER</code>. What such a folder looks like is said in the README under “Your own
      images, clips and questions”.
    </EmptyState>
  );
}
