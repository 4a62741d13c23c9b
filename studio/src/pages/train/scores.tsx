// The figures of each evaluated epoch, the newest first.

import { Table, Text } from '@mantine/core';
import { explanation, figures } from './figures.js';
import type { Evaluation } from './run.js';
import classes from './train.module.css';

export function Scores({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
  const newest = evaluations.at(-1)?.scores;
  if (!newest) return null;
  const rows = evaluations.flatMap(({ epoch, scores }) => (scores ? { epoch, row: figures(scores) } : [])).toReversed();
  const names = (rows[0]?.row ?? []).map(({ name }) => name);
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
                {row.map(({ name, value }) => (
                  <Table.Td key={name} ta="right">
                    {value.toFixed(1)}
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
