// 1 · What do you have: the datasets that the server offers, and a few items of the chosen one.

import { Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Dataset } from '../../../../src/server/schema/index.js';
import { count } from '../../parts/format.js';
import { Shown } from './shown.js';
import classes from './train.module.css';
import { itemsText } from './words.js';

export interface DatasetChoiceProps {
  readonly datasets: readonly Dataset[];
  readonly chosen: Dataset | null;
  readonly onChoose: (dataset: Dataset) => void;
}

export function DatasetChoice({ datasets, chosen, onChoose }: DatasetChoiceProps) {
  const choose = (name: string) => {
    const dataset = datasets.find((other) => other.name === name);
    if (dataset) onChoose(dataset);
  };
  return (
    <Stack gap="md">
      <Radio.Group value={chosen?.name ?? null} onChange={choose} aria-label="Dataset">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {datasets.map((dataset) => (
            <DatasetCard key={dataset.name} dataset={dataset} />
          ))}
        </SimpleGrid>
      </Radio.Group>
      {chosen && <Examples dataset={chosen} />}
    </Stack>
  );
}

function DatasetCard({ dataset }: { readonly dataset: Dataset }) {
  const { name, captions, questions, splits, isSample, problem } = dataset;
  if (problem !== null)
    return (
      <Radio.Card value={name} className={classes.choice} aria-label={name} disabled>
        <Text fw={600}>{name}</Text>
        <Text size="sm">{problem}</Text>
      </Radio.Card>
    );
  return (
    <Radio.Card value={name} className={classes.choice} aria-label={name}>
      <Text fw={600}>{name}</Text>
      <Text size="sm" c="dimmed">
        {itemsText(dataset)}
        {isSample && ', comes with the program'}
      </Text>
      <dl className={classes.counts}>
        <Count name="captions" value={captions} />
        <Count name="questions" value={questions} />
      </dl>
      <Splits {...splits} />
    </Radio.Card>
  );
}

function Count({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === 0 ? 'none' : count(value)}</dd>
    </div>
  );
}

/** How many items train, choose between epochs, and measure at the end. */
function Splits({ train, val, test }: Dataset['splits']) {
  const all = Math.max(1, train + val + test);
  const share = (items: number) => ({ flexGrow: items / all });
  return (
    <div className={classes.splits}>
      <div className={classes.splitBar} aria-hidden>
        <span style={share(train)} />
        <span style={share(val)} />
        <span style={share(test)} />
      </div>
      <Text size="xs" c="dimmed">
        {count(train)} to learn from, {count(val)} to check on the way, {count(test)} for the final score
      </Text>
    </div>
  );
}

function Examples({ dataset: { examples = [] } }: { readonly dataset: Dataset }) {
  if (examples.length === 0) return null;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm" aria-label="A few of its items">
      {examples.slice(0, 4).map(({ media, kind, captions, questions }, i) => (
        <figure key={captions[0] ?? i} className={classes.example}>
          <Shown media={media} kind={kind} alt={captions[0] ?? 'without a caption'} size={200} />
          <figcaption>
            {captions[0] && <Text size="xs">{captions[0]}</Text>}
            {questions[0] && (
              <Text size="xs" c="dimmed">
                {questions[0].question}? {questions[0].answer}
              </Text>
            )}
          </figcaption>
        </figure>
      ))}
    </SimpleGrid>
  );
}
