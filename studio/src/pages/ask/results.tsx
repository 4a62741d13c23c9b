// What one or two adapters answer, side by side, and what was asked before.

import { Skeleton, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { titleOf } from '../../parts/adapter-select.js';
import { AnswerBars } from '../../parts/answers.js';
import { duration, percent } from '../../parts/format.js';
import type { Media } from '../../parts/media.js';
import { ErrorState } from '../../parts/states.js';
import classes from './ask.module.css';
import { answerQuery } from './queries.js';

export interface ResultProps {
  readonly media: Media;
  readonly question: string;
  readonly adapter: string;
}

/** Asks, and shows the answers when they are there. */
export function Result({ media, question, adapter }: ResultProps) {
  const { data, error, refetch } = useQuery(answerQuery(adapter, media, question));
  return (
    <section className={classes.result} aria-label={`Answers of ${titleOf(adapter)}`} aria-busy={!data && !error}>
      <Text size="sm" c="dimmed" mb="xs">
        {titleOf(adapter)}
        {data && `, ${duration(data.seconds)}`}
      </Text>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <AnswerBars answers={data.answered.answers} />
      ) : (
        <Stack gap="sm">
          <Skeleton height={30} />
          <Skeleton height={30} />
          <Skeleton height={30} />
        </Stack>
      )}
    </section>
  );
}

export interface HistoryProps {
  readonly media: Media;
  readonly questions: readonly string[];
  readonly adapters: readonly string[];
  readonly onChoose: (question: string) => void;
}

export function History({ media, questions, adapters, onChoose }: HistoryProps) {
  if (questions.length === 0) return null;
  return (
    <section>
      <Title order={2} className={classes.heading}>
        Asked before
      </Title>
      <ul className={classes.history}>
        {questions.map((question) => (
          <li key={question}>
            <UnstyledButton className={classes.past} onClick={() => onChoose(question)}>
              <span>{question}</span>
              {adapters.map((adapter) => (
                <Past key={adapter} media={media} question={question} adapter={adapter} />
              ))}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The best answer, if this adapter was asked. */
function Past({ media, question, adapter }: ResultProps) {
  const { data } = useQuery({ ...answerQuery(adapter, media, question), enabled: false });
  const best = data?.answered.answers[0];
  if (!best) return <span className={classes.pastAnswer}>–</span>;
  return (
    <span className={classes.pastAnswer}>
      <b>{best.answer}</b> {percent(best.probability)}
    </span>
  );
}
