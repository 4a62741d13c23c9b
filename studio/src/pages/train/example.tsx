// One example of a run: a search with its first hits, a question with its answers, or a caption.

import { Text } from '@mantine/core';
import type { Example } from '../../../../src/server/schema/index.js';
import { AnswerBars } from '../../parts/answers.js';
import { Shown } from './shown.js';
import classes from './train.module.css';

type Of<T extends Example['task']> = Extract<Example, { readonly task: T }>;

export interface ExampleCardProps {
  readonly example: Example;
  readonly kind: 'image' | 'video';
  /** The same from the first time up to this one. */
  readonly past: readonly Example[];
}

export function ExampleCard({ example, kind, past }: ExampleCardProps) {
  switch (example.task) {
    case 'retrieval':
      return (
        <Search
          kind={kind}
          example={example}
          ranks={past.flatMap((other) => (other.task === 'retrieval' ? other.rank : []))}
        />
      );
    case 'answering':
      return <Question kind={kind} example={example} />;
    case 'captioning':
      return <Caption kind={kind} example={example} />;
  }
}

interface OneProps<T extends Example['task']> {
  readonly example: Of<T>;
  readonly kind: 'image' | 'video';
}

function Search({ example, kind, ranks }: OneProps<'retrieval'> & { readonly ranks: readonly number[] }) {
  const { text, hits, searched } = example;
  return (
    <article className={classes.look}>
      <Text fw={600}>{text}</Text>
      <div className={classes.hits}>
        {hits.map(({ media, isRight }, i) => (
          <div key={i} className={classes.hit} data-right={isRight || undefined}>
            <Shown
              media={media}
              kind={kind}
              size={120}
              alt={`number ${i + 1}, ${isRight ? 'the right one' : 'another one'}`}
            />
          </div>
        ))}
      </div>
      <Text size="sm" c="dimmed">
        The right one is number{' '}
        <Text component="span" inherit fw={560} c={ranks.at(-1) === 1 ? 'var(--studio-accent)' : undefined}>
          {ranks.at(-1)}
        </Text>{' '}
        of {searched}
        {ranks.length > 1 && `, it was ${ranks[0]}`}
      </Text>
    </article>
  );
}

function Question({ example: { media, question, truths, answers }, kind }: OneProps<'answering'>) {
  return (
    <article className={classes.look}>
      <Shown media={media} kind={kind} size={280} alt="" />
      <Text fw={600}>{question}</Text>
      <AnswerBars answers={answers.slice(0, 3)} truths={truths} />
      <People truths={truths} />
    </article>
  );
}

function Caption({ example: { media, caption, truths }, kind }: OneProps<'captioning'>) {
  return (
    <article className={classes.look}>
      <Shown media={media} kind={kind} size={280} alt="" />
      <Text fw={600}>{caption}</Text>
      <People truths={truths.slice(0, 1)} />
    </article>
  );
}

function People({ truths }: { readonly truths: readonly string[] }) {
  if (truths.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      People say: {[...new Set(truths)].join(', ')}
    </Text>
  );
}
