// One scene, and beside it what one or two models say about it.

import { Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import type { Drawn, WorldOptions } from '../../../../src/server/schema/index.js';
import { Link } from '../../app/link.js';
import { address, go, usePlace } from '../../app/place.js';
import { AdapterPair } from '../../parts/adapter-pair.js';
import { titleOf } from '../../parts/adapter-select.js';
import { refText } from '../../parts/media.js';
import { ErrorState } from '../../parts/states.js';
import { Answers } from './answers.js';
import { Captions } from './captions.js';
import { addressOf, type Drawing, randomSeed, type Scene, sceneOf, seedAfter } from './drawing.js';
import { drawQuery, type Opinion, outcomeOf, useOpinion, useOtherCaptions } from './model.js';
import { Controls, Stage } from './scene.js';
import { ScoreBoard, type ScoreBoardProps } from './score.js';
import { forget, record, useSeen } from './seen.js';
import type { Outcome } from './tally.js';
import classes from './world.module.css';

export function Theatre({ options }: { readonly options: WorldOptions }) {
  const scene = sceneOf(usePlace().query, options);
  const { drawing } = scene;
  const draw = (change: Partial<Drawing>) => go(addressOf({ ...scene, drawing: { ...drawing, ...change } }), 'replace');
  useHotkeys([
    ['ArrowLeft', () => draw({ seed: seedAfter(drawing.seed, -1) })],
    ['ArrowRight', () => draw({ seed: seedAfter(drawing.seed, 1) })],
    ['r', () => draw({ seed: randomSeed() })],
  ]);
  const drawn = useQuery({ ...drawQuery(drawing), placeholderData: keepPreviousData });
  const current = drawn.isPlaceholderData ? undefined : drawn.data;
  usePrefetch(drawing, current);
  return (
    <>
      <Controls options={options} drawing={drawing} onChange={draw} />
      <div className={classes.theatre}>
        <div className={classes.scene}>
          {drawn.error ? (
            <ErrorState error={drawn.error} onRetry={() => void drawn.refetch()} />
          ) : drawn.data ? (
            <Stage drawn={drawn.data} />
          ) : (
            <Skeleton className={classes.blank} />
          )}
          {current && <AskLink drawn={current} adapter={scene.adapters[0]} />}
        </div>
        <Opinions scene={scene} drawn={current} />
      </div>
    </>
  );
}

/** Draws the next seed while this one is looked at, so that the arrow keys need not wait. */
function usePrefetch({ domain, kind, seed }: Drawing, current: Drawn | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (current) void queries.prefetchQuery(drawQuery({ domain, kind, seed: seedAfter(seed, 1) }));
  }, [queries, current, domain, kind, seed]);
}

function AskLink({ drawn, adapter }: { readonly drawn: Drawn; readonly adapter: string }) {
  const { upload, kind } = drawn.media;
  const to = address('/ask', { media: refText({ upload }), kind, name: 'drawn', with: adapter });
  return (
    <Button component={Link} to={to} variant="default" className={classes.ask}>
      Ask something else about it
    </Button>
  );
}

function Opinions({ scene, drawn }: { readonly scene: Scene; readonly drawn: Drawn | undefined }) {
  const { drawing, adapters } = scene;
  const [first, second] = adapters;
  const others = useOtherCaptions(drawing);
  const opinions = [useOpinion(first, drawn, others), useOpinion(second ?? first, drawn, others)] as const;
  const seen = useCounted(scene, drawn, opinions);
  const shown = adapters.map((name, i) => ({ title: titleOf(name), opinion: opinions[i] as Opinion }));
  const failed = shown.find(({ opinion }) => opinion.error)?.opinion;
  return (
    <div className={classes.opinions}>
      <AdapterPair
        label="Who is asked"
        first={first}
        second={second ?? null}
        onChange={(one, other) =>
          go(addressOf({ drawing, adapters: other === null ? [one] : [one, other] }), 'replace')
        }
      />
      {failed && <ErrorState error={failed.error} onRetry={failed.retry} />}
      <Section title="Its answers">
        {drawn ? (
          <Answers
            questions={drawn.questions}
            models={shown.map(({ title, opinion }) => ({ name: title, result: opinion.answers }))}
          />
        ) : (
          <Skeleton height={160} />
        )}
      </Section>
      <Section title="Which caption fits best">
        <div className={classes.rankings}>
          {shown.map(({ title, opinion }, i) => (
            <Captions key={i} name={title} ranked={opinion.ranked} />
          ))}
        </div>
      </Section>
      <Scores models={adapters.map((name, i) => ({ name: titleOf(name), outcomes: seen[i] ?? [] }))} />
    </div>
  );
}

/** Counts what each model got right, once per seed. @returns all that was counted, by model */
function useCounted(
  { drawing, adapters }: Scene,
  drawn: Drawn | undefined,
  opinions: readonly Opinion[],
): readonly (readonly Outcome[])[] {
  const queries = useQueryClient();
  const [first, second] = adapters;
  const seen = [useSeen(first, drawing), useSeen(second ?? first, drawing)];
  useEffect(() => {
    for (const [i, adapter] of adapters.entries()) {
      const outcome = drawn && outcomeOf(drawn, opinions[i] as Opinion);
      if (outcome) record(queries, adapter, drawing, outcome);
    }
  });
  return seen;
}

function Scores({ models }: ScoreBoardProps) {
  const queries = useQueryClient();
  if (models.every(({ outcomes }) => outcomes.length === 0)) return null;
  return (
    <Section
      title="So far"
      action={
        <Button variant="subtle" size="compact-sm" onClick={() => void forget(queries)}>
          Count anew
        </Button>
      }
    >
      <ScoreBoard models={models} />
      <Text size="sm" c="dimmed" mt="sm">
        The arrow keys go to the next seed and back, R takes any.
      </Text>
    </Section>
  );
}

interface SectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Section({ title, action, children }: SectionProps) {
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={2} className={classes.heading}>
          {title}
        </Title>
        {action}
      </Group>
      {children}
    </section>
  );
}
