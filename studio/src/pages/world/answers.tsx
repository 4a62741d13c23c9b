// The questions about a drawing, the right answers, and what each model answers.

import { Skeleton, Table, Text, VisuallyHidden } from '@mantine/core';
import type { AskResult, Drawn } from '../../../../src/server/schema/index.js';
import { isSame } from '../../parts/answers.js';
import { percent } from '../../parts/format.js';
import { CheckIcon, CloseIcon } from '../../parts/icons.js';
import classes from './world.module.css';

export interface AnsweringModel {
  readonly name: string;
  /** Null while it thinks; `silent` when it was not trained to answer. */
  readonly result: AskResult | 'silent' | null;
}

export interface AnswersProps {
  readonly questions: Drawn['questions'];
  readonly models: readonly AnsweringModel[];
}

export function Answers({ questions, models }: AnswersProps) {
  if (questions.length === 0)
    return <Text c="dimmed">Nothing is asked about this one. The next seed has questions.</Text>;
  const silent = models.filter(({ result }) => result === 'silent').map(({ name }) => name);
  return (
    <>
      <Table className={classes.answers}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>question</Table.Th>
            <Table.Th>right</Table.Th>
            {models.map(({ name }) => (
              <Table.Th key={name}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {questions.map(({ question, answer }, i) => (
            <Table.Tr key={question}>
              <Table.Td>{question}</Table.Td>
              <Table.Td>{answer}</Table.Td>
              {models.map(({ name, result }) => (
                <Table.Td key={name}>
                  <Answer result={result} index={i} truth={answer} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {silent.length > 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          {silent.join(' and ')} was trained for something else and does not answer.
        </Text>
      )}
    </>
  );
}

function Answer({
  result,
  index,
  truth,
}: Pick<AnsweringModel, 'result'> & { readonly index: number; readonly truth: string }) {
  if (result === null) return <Skeleton height={18} width="6ch" />;
  const best = result === 'silent' ? undefined : result.answered[index]?.answers[0];
  if (!best) return <Text c="dimmed">–</Text>;
  const isRight = isSame(best.answer, truth);
  return (
    <span className={classes.answer} data-right={isRight}>
      {isRight ? <CheckIcon size={16} /> : <CloseIcon size={16} />}
      <span>
        {best.answer}
        <VisuallyHidden>{isRight ? ', right' : ', wrong'}</VisuallyHidden>{' '}
        <Text component="span" size="xs" c="dimmed">
          {percent(best.probability)}
        </Text>
      </span>
    </span>
  );
}
