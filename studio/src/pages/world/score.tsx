// How well a model did over the seeds that were looked at.

import { Text } from '@mantine/core';
import { counted, percent } from '../../parts/format.js';
import { type Outcome, type Score, type Tally, tallyOf } from './tally.js';
import classes from './world.module.css';

export interface ScoreBoardProps {
  readonly models: readonly { readonly name: string; readonly outcomes: readonly Outcome[] }[];
}

export function ScoreBoard({ models }: ScoreBoardProps) {
  return (
    <div className={classes.board}>
      {models.map(({ name, outcomes }) => (
        <ModelScore key={name} name={name} tally={tallyOf(outcomes)} />
      ))}
    </div>
  );
}

function ModelScore({ name, tally }: { readonly name: string; readonly tally: Tally }) {
  const { seeds, answers, byType, first, firstByChance } = tally;
  if (seeds === 0) return null;
  return (
    <div className={classes.score}>
      <Text>
        <b>{name}</b>
        <Text component="span" c="dimmed">
          {' '}
          over {counted(seeds, 'seed')}
        </Text>
      </Text>
      <dl className={classes.figures}>
        {answers.all > 0 && <Part name="right answers" score={answers} />}
        {first.all > 0 && <Part name={`true caption first; by chance ${percent(firstByChance)}`} score={first} />}
      </dl>
      {byType.length > 1 && (
        <ul className={classes.types}>
          {byType.map(([type, score]) => (
            <li key={type}>
              {type} {score.right}/{score.all}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Part({ name, score }: { readonly name: string; readonly score: Score }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {percent(score.right / score.all)}
        <Text component="span" size="sm" c="dimmed">
          {' '}
          {score.right} of {score.all}
        </Text>
      </dd>
    </div>
  );
}
