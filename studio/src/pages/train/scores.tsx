// The figures of each evaluated epoch, the newest first.

import { Table, Text } from '@mantine/core';
import type { Scores as Measured } from '../../../../src/evaluate/scores.js';
import { figuresOfScores, isRank, nameOf } from '../../parts/figures.js';
import { count } from '../../parts/format.js';
import type { Evaluation } from './run.js';
import classes from './train.module.css';

export function Scores({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
  const newest = evaluations.at(-1)?.scores;
  if (!newest) return null;
  const rows = evaluations
    .flatMap(({ epoch, scores }) => (scores ? { epoch, row: columnsOf(scores) } : []))
    .toReversed();
  const names = (rows[0]?.row ?? []).map(nameOf);
  return (
    <>
      <Text size="sm" c="dimmed" mt="lg">
        After each epoch it is measured on items that it does not learn from. {explanation(newest)}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={classes.scores} tabIndex={0} aria-label="Scores of each epoch">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>epoch</Table.Th>
              {names.map((name) => (
                <Table.Th key={name} ta="right">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ epoch, row }) => (
              <Table.Tr key={epoch}>
                <Table.Td>{epoch + 1}</Table.Td>
                {row.map((figure) => (
                  <Table.Td key={nameOf(figure)} ta="right">
                    {figure.value.toFixed(1)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </>
  );
}

/** What is worth a column of a table. */
const columnsOf = (scores: Measured) => figuresOfScores(scores).filter(({ name }) => !isRank(name));

/** What the figures say, for who meets them for the first time. */
function explanation(scores: Measured): string {
  switch (scores.task) {
    case 'retrieval':
      return `R@1 is how often the right one comes first among ${count(scores.items)}, R@5 how often it is among the first five.`;
    case 'answering':
      return `How many of ${count(scores.questions)} questions get the right answer.`;
    case 'captioning':
      return `CIDEr and BLEU compare the captions with ${count(scores.references)} that people wrote; more is better.`;
  }
}
