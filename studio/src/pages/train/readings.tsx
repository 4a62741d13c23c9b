// The few figures that a training is about, with what they are to be read against.

import { BASELINE_WORDS, figureName, mediumOf, rangeText } from '../../../../src/evaluate/remarks.js';
import { BASELINES, headlineReadings, type Reading, type Scores } from '../../../../src/evaluate/scores.js';
import { count } from '../../parts/format.js';
import classes from './train.module.css';

export interface ReadingsProps {
  readonly after: Scores;
  /** Of the backbone alone; null where it was not measured. */
  readonly before: Scores | null;
}

export function Readings({ after, before }: ReadingsProps) {
  return (
    <dl className={classes.readings}>
      {headlineReadings(after, before).map((reading) => (
        <div key={reading.name}>
          <dt>{figureName(reading.name, mediumOf(after))}</dt>
          <dd>
            {reading.before !== null && <span>{reading.before.toFixed(1)} → </span>}
            <b>{reading.value.toFixed(1)}</b>
          </dd>
          <dd>{againstText(reading)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** `95 %: 57.0 to 66.4, n 400; chance 0.3` */
function againstText(reading: Reading): string {
  const { standing } = reading;
  if (!standing) return '';
  const blind = BASELINES.flatMap((name) => {
    const value = standing.baselines[name];
    return value === undefined ? [] : [`${BASELINE_WORDS[name]} ${value.toFixed(1)}`];
  });
  return [`95 %: ${rangeText(reading)}, n ${count(standing.n)}`, ...(blind.length > 0 ? [blind.join(', ')] : [])].join(
    '; ',
  );
}
