// What a finished training has brought, and where to use it.

import { Button, Group, Text } from '@mantine/core';
import { Link } from '../../app/link.js';
import { address } from '../../app/place.js';
import { figuresOfScores, headlines, namedText } from '../../parts/figures.js';
import { duration, size } from '../../parts/format.js';
import { adapterOf, type RunView } from './run.js';
import classes from './train.module.css';

export function Finished({ view: { job, plan, done, test } }: { readonly view: RunView }) {
  if (!job || !done) return null;
  const adapter = adapterOf(job);
  const scores = test?.scores ?? done.scores;
  return (
    <section className={classes.finished} aria-label="The adapter is ready">
      <div>
        <Text fw={600} size="lg">
          {adapter} is ready
        </Text>
        <Text c="dimmed">
          {size(done.adapterBytes)} beside a backbone of {size(done.backboneBytes)}, trained in {duration(done.seconds)}
          {scores && `. On the test items: ${headlines(figuresOfScores(scores)).map(namedText).join(', ')}`}
        </Text>
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
