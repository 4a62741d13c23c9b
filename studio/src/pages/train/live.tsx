// The page of one run: how far it is, how well it does, what it has learnt, and what to do next.

import { Button, Group, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import type { Job } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { isOver } from '../../api/jobs.js';
import { adaptersQuery, jobsQuery } from '../../api/queries.js';
import { Link } from '../../app/link.js';
import { count, counted, duration, percent } from '../../parts/format.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState, ErrorState, LoadingLines, wordsOf } from '../../parts/states.js';
import { LossCurve, ScoreCurve } from './curves.js';
import { Finished } from './finished.js';
import { useRun } from './follow.js';
import { Log } from './log.js';
import { Looks } from './looks.js';
import { adapterOf, type RunView } from './run.js';
import { Scores } from './scores.js';
import { StateBadge } from './state.js';
import classes from './train.module.css';

export function LiveRun({ id }: { readonly id: string }) {
  const { view, error, again } = useRun(id);
  const { job } = view;
  const queries = useQueryClient();
  useEffect(() => {
    if (job?.state === 'done') void queries.invalidateQueries(adaptersQuery); // there is one more
  }, [queries, job?.state]);
  if (!job)
    return (
      <PageFrame title="Run" actions={<AllRuns />}>
        {error ? (
          <ErrorState error={error} onRetry={again} />
        ) : (
          <LoadingLines lines={6} label="Reading what the run has told" />
        )}
      </PageFrame>
    );
  return (
    <PageFrame title={adapterOf(job)} about={<Facts view={view} />} actions={<Actions job={job} onChange={again} />}>
      <Stack gap={48}>
        <Standing job={job} />
        <Notices notices={view.notices} />
        {error !== null && <ErrorState error={error} onRetry={again} />}
        {view.done && <Finished view={view} />}
        <Curves view={view} />
        {view.looks.length > 0 && (
          <Section title="What it has learnt">
            <Looks looks={view.looks} kind={view.plan?.frames ? 'video' : 'image'} />
          </Section>
        )}
        <Section title="Log">
          <Log lines={view.log} />
        </Section>
      </Stack>
    </PageFrame>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} className={classes.heading}>
        {title}
      </Title>
      {children}
    </section>
  );
}

/** What the training says of itself. */
function Notices({ notices }: Pick<RunView, 'notices'>) {
  if (notices.length === 0) return null;
  return (
    <div className={classes.problems} role="status">
      {notices.map((text) => (
        <Text key={text}>{text}</Text>
      ))}
    </div>
  );
}

function Facts({ view: { plan } }: { readonly view: RunView }) {
  if (!plan) return null;
  const { parameters, items, frames, method } = plan;
  const share = percent(parameters.trainable / parameters.all);
  return (
    <>
      {method}, {share} of the parameters, {counted(items.train, 'item')} to learn from
      {frames !== null && `, ${counted(frames, 'frame')} of each clip`}
    </>
  );
}

function Standing({ job }: { readonly job: Job }) {
  const { state, done, all, secondsLeft, error } = job;
  if (state === 'failed')
    return (
      <div className={classes.failed} role="alert">
        <Text fw={600}>This run failed.</Text>
        <Text className={classes.reason}>{error}</Text>
      </div>
    );
  return (
    <div>
      <Group justify="space-between" mb={8}>
        <StateBadge state={state} />
        <Text size="sm" c="dimmed">
          {all > 0 && `${count(done)} of ${counted(all, 'step')}`}
          {state === 'running' && secondsLeft !== null && `, ${duration(secondsLeft)} left`}
        </Text>
      </Group>
      {state !== 'done' && <Progress value={all > 0 ? (100 * done) / all : 0} size="sm" aria-label="Steps done" />}
    </div>
  );
}

const AllRuns = () => (
  <Button component={Link} to="/train" variant="default">
    All runs
  </Button>
);

function Actions({ job, onChange }: { readonly job: Job; readonly onChange: () => void }) {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries(jobsQuery);
  const stop = useMutation({ mutationFn: () => client.stopJob(job.id), onSettled });
  const resume = useMutation({ mutationFn: () => client.resumeJob(job.id), onSuccess: onChange, onSettled });
  const finish = useMutation({ mutationFn: () => client.finishJob(job.id), onSuccess: onChange, onSettled });
  const error = stop.error ?? resume.error ?? finish.error;
  return (
    <>
      {error && (
        <Text role="alert" size="sm" c="var(--mantine-color-error)">
          {wordsOf(error).title}
        </Text>
      )}
      <AllRuns />
      {!isOver(job) && (
        <Button variant="default" onClick={() => stop.mutate()} loading={stop.isPending}>
          Stop and save
        </Button>
      )}
      {canFinish(job) && (
        <Button
          variant="default"
          onClick={() => finish.mutate()}
          loading={finish.isPending}
          title="Train no further: the best epoch so far becomes the adapter"
        >
          Finish now
        </Button>
      )}
      {job.state === 'stopped' && (
        <Button onClick={() => resume.mutate()} loading={resume.isPending}>
          Go on
        </Button>
      )}
    </>
  );
}

/** Whether there is something to finish from, and it is not being finished. */
const canFinish = ({ state, done, request }: Job): boolean =>
  done > 0 && (state === 'stopped' || state === 'failed' || (state === 'running' && request.finish !== true));

function Curves({ view }: { readonly view: RunView }) {
  const { steps, evaluations, job } = view;
  if (steps.length === 0)
    return job && !isOver(job) ? (
      <EmptyState title="No step yet">
        Curves begin with the first steps, as soon as the data is looked through.
      </EmptyState>
    ) : null;
  return (
    <div>
      <SimpleGrid cols={{ base: 1, md: evaluations.length > 1 ? 2 : 1 }} spacing={48}>
        <Section title="Loss">
          <LossCurve steps={steps} />
        </Section>
        {evaluations.length > 1 && (
          <Section title="Scores">
            <ScoreCurve evaluations={evaluations} />
          </Section>
        )}
      </SimpleGrid>
      <Scores evaluations={evaluations} />
    </div>
  );
}
