// To the next hits and back.

import { Button, Group, Text } from '@mantine/core';
import { BackIcon, NextIcon } from '../../parts/icons.js';
import { PAGE, type SearchPlace, search } from './place.js';

export interface PagesProps {
  readonly place: SearchPlace;
  /** On this page; a page that is not full is the last one. */
  readonly hits: number;
}

export function Pages({ place, hits }: PagesProps) {
  if (place.page === 1 && hits < PAGE) return null;
  const turn = (by: number) => search(place, { page: place.page + by });
  return (
    <Group component="nav" aria-label="Pages of hits" justify="center" mt="xl">
      <Button
        variant="default"
        leftSection={<BackIcon size={18} />}
        disabled={place.page === 1}
        onClick={() => turn(-1)}
      >
        Before
      </Button>
      <Text size="sm" c="dimmed">
        Page {place.page}
      </Text>
      <Button variant="default" rightSection={<NextIcon size={18} />} disabled={hits < PAGE} onClick={() => turn(1)}>
        More
      </Button>
    </Group>
  );
}
