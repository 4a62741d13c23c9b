// The true caption among captions of other seeds, in the order in which a model finds them to fit.

import { Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { type Ranked, rankOfTrue } from './ranking.js';
import classes from './world.module.css';

export interface CaptionsProps {
  readonly name: string;
  /** Null while it thinks; `silent` when it was not trained to find. */
  readonly ranked: readonly Ranked[] | 'silent' | null;
}

/** As many as there is room for; the true one is shown wherever it is. */
const SHOWN = 5;

export function Captions({ name, ranked }: CaptionsProps) {
  return (
    <div className={classes.ranking}>
      <Text fw={600}>{name}</Text>
      {ranked === null ? (
        <Stack gap={8}>
          {Array.from({ length: SHOWN }, (_, i) => (
            <Skeleton key={i} height={20} />
          ))}
        </Stack>
      ) : ranked === 'silent' ? (
        <Text size="sm" c="dimmed">
          It was trained for something else and does not compare captions.
        </Text>
      ) : (
        <Ranking ranked={ranked} />
      )}
    </div>
  );
}

function Ranking({ ranked }: { readonly ranked: readonly Ranked[] }) {
  const rank = rankOfTrue(ranked);
  const shown = ranked
    .map((candidate, i) => ({ ...candidate, rank: i + 1 }))
    .filter(({ isTrue, rank: at }) => isTrue || at <= SHOWN);
  return (
    <>
      <Text size="sm" c="dimmed">
        {rank === 1 ? 'The true caption comes first' : `The true caption is number ${rank}`} of {ranked.length}.
      </Text>
      <ol className={classes.captions}>
        {shown.map(({ caption, isTrue, similarity, rank: at }) => (
          <li key={caption} data-true={isTrue || undefined}>
            <span className={classes.rank}>{at}</span>
            <span className={classes.caption}>
              {caption}
              {isTrue && <VisuallyHidden> (the true one)</VisuallyHidden>}
            </span>
            <span className={classes.similarity}>{similarity.toFixed(2)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
