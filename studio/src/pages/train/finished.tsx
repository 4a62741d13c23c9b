// What a finished training has brought, and where to use it.

import { Button, Group, Text } from '@mantine/core';
import { remarksOf } from '../../../../src/evaluate/remarks.js';
import { Link } from '../../app/link.js';
import { address } from '../../app/place.js';
import { duration, size } from '../../parts/format.js';
import { Readings } from './readings.js';
import { adapterOf, type RunView } from './run.js';
import classes from './train.module.css';

export function Finished({ view: { job, plan, done, test } }: { readonly view: RunView }) {
  if (!job || !done) return null;
  const adapter = adapterOf(job);
  const scores = test?.scores ?? done.scores;
  const before = done.before ?? null;
  const remarks = scores ? remarksOf(scores, before) : [];
  const isBad = remarks.some(({ tone }) => tone === 'bad');
  return (
    <section className={classes.finished} aria-label="The adapter is ready" data-tone={isBad ? 'bad' : undefined}>
      <div>
        <Text fw={600} size="lg">
          {adapter} is {isBad ? 'trained, but read this first' : 'ready'}
        </Text>
        <Text c="dimmed">
          {size(done.adapterBytes)} beside a backbone of {size(done.backboneBytes)}, trained in {duration(done.seconds)}
        </Text>
        {scores && <Readings after={scores} before={before} />}
        {remarks.length > 0 && (
          <ul className={classes.remarks}>
            {remarks.map(({ tone, text }) => (
              <li key={text} data-tone={tone}>
                {text}
              </li>
            ))}
          </ul>
        )}
      </div>
      <Group>
        {plan?.task === 'retrieval' && (
          <Button component={Link} to={address('/search', { with: adapter })}>
            Search with it
          </Button>
        )}
        {plan?.task !== 'retrieval' && (
          <Button component={Link} to={address('/ask', { with: adapter })}>
            {plan?.task === 'answering' ? 'Ask it' : 'Let it write captions'}
          </Button>
        )}
        <Button component={Link} to={`/adapters/${adapter}`} variant="default">
          What it changed
        </Button>
      </Group>
    </section>
  );
}
