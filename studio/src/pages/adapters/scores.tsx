// What an adapter scores on the test split: the few that say most in a list, all of them in full.

import { Table, Text } from '@mantine/core';
import { type Figure, figuresOf, figureText, groupsOf, headlines, nameOf } from '../../parts/figures.js';
import { ScoreBar } from '../../parts/score-bar.js';
import classes from './adapters.module.css';

export interface ScoresProps {
  /** By name, in the order to show them. */
  readonly scores: Readonly<Record<string, number>>;
}

export function Headlines({ scores }: ScoresProps) {
  const figures = headlines(figuresOf(scores));
  if (figures.length === 0) return <NotMeasured />;
  return (
    <dl className={classes.scores}>
      {figures.map((figure) => (
        <div key={`${figure.group} ${figure.name}`}>
          <dt>{nameOf(figure)}</dt>
          <dd>{figureText(figure)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Scores({ scores }: ScoresProps) {
  const groups = groupsOf(figuresOf(scores));
  if (groups.length === 0) return <NotMeasured />;
  const [, [, first = []] = []] = groups;
  const isTable = groups.length > 1 && groups.every(([, figures]) => figures.length === first.length);
  return isTable ? <ScoreTable groups={groups} /> : <ScoreList figures={groups.flatMap(([, figures]) => figures)} />;
}

/** Rows that measure the same both ways. */
function ScoreTable({ groups }: { readonly groups: ReturnType<typeof groupsOf> }) {
  return (
    <Table.ScrollContainer minWidth={0} type="native" tabIndex={0} aria-label="Scores">
      <Table className={classes.scoreTable} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {groups[0]?.[1].map(({ name }) => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(([group, figures]) => (
            <Table.Tr key={group}>
              <Table.Th scope="row">{group}</Table.Th>
              {figures.map((figure) => (
                <Table.Td key={figure.name} ta="right">
                  {figureText(figure)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ScoreList({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <ul className={classes.scoreList}>
      {figures.map((figure) => (
        <li key={`${figure.group} ${figure.name}`} data-part={figure.group !== '' || undefined}>
          <Text span size="sm">
            {figure.name}
          </Text>
          {figure.isPercent ? (
            <ScoreBar label={figure.name} value={figure.value / 100} text={figureText(figure)} />
          ) : (
            <Text span size="sm">
              {figureText(figure)}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}

const NotMeasured = () => (
  <Text size="sm" c="dimmed">
    not measured
  </Text>
);
