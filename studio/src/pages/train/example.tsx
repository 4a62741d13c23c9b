// One example of a run: a search with its first hits, a question with its answers, or a caption.

import { Text } from '@mantine/core';
import type { Example } from '../../../../src/server/schema/index.js';
import { MediaPicture } from '../../parts/media.js';
import { ScoreBar } from '../../parts/score-bar.js';
import classes from './train.module.css';

type Of<T extends Example['task']> = Extract<Example, { readonly task: T }>;

export interface ExampleCardProps {
  readonly example: Example;
  /** The same from the first time up to this one. */
  readonly past: readonly Example[];
}

export function ExampleCard({ example, past }: ExampleCardProps) {
  switch (example.task) {
    case 'retrieval':
      return <Search example={example} ranks={past.flatMap((other) => (other.task === 'retrieval' ? other.rank : []))} />;
    case 'answering':
      return <Question example={example} />;
    case 'captioning':
      return <Caption example={example} />;
  }
}

function Search({ example, ranks }: { readonly example: Of<'retrieval'>; readonly ranks: readonly number[] }) {
  const { text, hits, rank, searched } = example;
  return (
    <article className={classes.look}>
      <Text fw={600}>{text}</Text>
      <div className={classes.hits}>
        {hits.map(({ media, isRight }, i) => (
          <div key={i} className={classes.hit} data-right={isRight || undefined}>
            {media ? (
              <MediaPicture media={media} size={160} alt={isRight ? 'the right one' : 'another one'} />
            ) : (
              <Text size="xs">{isRight ? 'the right one' : 'another one'}</Text>
            )}
          </div>
        ))}
      </div>
      <Text size="sm" c="dimmed">
        The right one is number <Trail values={ranks} /> of {searched}
      </Text>
      {rank === 1 && <Text className={classes.right}>found</Text>}
    </article>
  );
}

/** `14 → 3 → 1` */
function Trail({ values }: { readonly values: readonly number[] }) {
  const changes = values.filter((value, i) => value !== values[i - 1]);
  return <b>{changes.join(' → ')}</b>;
}

function Question({ example: { media, question, truths, answers } }: { readonly example: Of<'answering'> }) {
  const truth = truths.map((text) => text.toLowerCase());
  return (
    <article className={classes.look}>
      {media && <MediaPicture media={media} size={320} alt="" />}
      <Text fw={600}>{question}?</Text>
      {answers.slice(0, 3).map(({ answer, probability }) => (
        <ScoreBar key={answer} label={answer} value={probability} isRight={truth.includes(answer.toLowerCase())} />
      ))}
      <Text size="sm" c="dimmed">
        People say: {[...new Set(truths)].join(', ')}
      </Text>
    </article>
  );
}

function Caption({ example: { media, caption, truths } }: { readonly example: Of<'captioning'> }) {
  return (
    <article className={classes.look}>
      {media && <MediaPicture media={media} size={320} alt="" />}
      <Text fw={600}>{caption}</Text>
      {truths[0] && (
        <Text size="sm" c="dimmed">
          People say: {truths[0]}
        </Text>
      )}
    </article>
  );
}
