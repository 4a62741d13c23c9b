// Before anything is searched for: what one may try, and what is in the library.

import { Button, Group, Pagination, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Library, LibraryItem } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { counted } from '../../parts/format.js';
import { PictureIcon } from '../../parts/icons.js';
import { mediaOf } from '../../parts/media.js';
import { PictureButton } from '../../parts/picture.js';
import { EmptyState, ErrorState, LoadingGrid } from '../../parts/states.js';
import { Details } from './details.js';
import { moveByArrows } from './keyboard.js';
import { PAGE, type SearchPlace, search } from './place.js';
import classes from './search.module.css';

export interface BrowseProps {
  readonly place: SearchPlace;
  readonly library: Library;
}

export function Browse({ place, library }: BrowseProps) {
  const [opened, open] = useState<string | null>(null);
  const query = {
    folder: place.folder ?? undefined,
    kind: place.kind ?? undefined,
    offset: (place.page - 1) * PAGE,
    limit: PAGE,
  };
  const items = useQuery({
    queryKey: ['items', library.name, query],
    queryFn: ({ signal }) => client.items(library.name, query, signal),
    placeholderData: keepPreviousData,
  });
  if (items.error) return <ErrorState error={items.error} onRetry={() => void items.refetch()} />;
  if (!items.data) return <LoadingGrid items={8} />;
  if (items.data.all === 0) return <Empty place={place} />;
  return (
    <section aria-label="In this library">
      <Suggestions place={place} items={items.data.items} />
      <Text size="sm" c="dimmed" mb="sm">
        {counted(items.data.all, 'item')} in {place.folder ?? library.name}
        {(place.from || place.until) && '; dates count when you search'}
      </Text>
      <ul className={classes.hits} onKeyDown={moveByArrows}>
        {items.data.items.map((item) => (
          <li key={item.id} className={classes.hit}>
            <PictureButton
              media={mediaOf(item)}
              alt={item.captions[0] ?? item.path}
              size={300}
              isHit
              onClick={() => open(item.id)}
            />
          </li>
        ))}
      </ul>
      {items.data.all > PAGE && (
        <Group justify="center" mt="xl">
          <Pagination
            value={place.page}
            onChange={(page) => search(place, { page })}
            total={Math.ceil(items.data.all / PAGE)}
            siblings={0}
          />
        </Group>
      )}
      <Details
        place={place}
        entries={items.data.items.map((item) => ({ key: item.id, item }))}
        opened={opened}
        onOpen={open}
      />
    </section>
  );
}

const SUGGESTIONS = 3;

/** Searches that surely find something: captions that came with the library, the shortest ones. */
function Suggestions({ place, items }: { readonly place: SearchPlace; readonly items: readonly LibraryItem[] }) {
  const captions = [...new Set(items.flatMap((item) => item.captions))].sort((a, b) => a.length - b.length);
  if (captions.length === 0) return null;
  return (
    <Group gap="xs" mb="xl">
      <Text size="sm" c="dimmed">
        Try
      </Text>
      {captions.slice(0, SUGGESTIONS).map((caption) => (
        <Button
          key={caption}
          variant="default"
          size="xs"
          className={classes.suggestion}
          onClick={() => search(place, { text: caption })}
        >
          {caption}
        </Button>
      ))}
    </Group>
  );
}

function Empty({ place }: { readonly place: SearchPlace }) {
  return (
    <EmptyState
      icon={<PictureIcon size={26} />}
      title={place.kind || place.folder ? 'Nothing fits' : 'This library is empty'}
    >
      {place.kind || place.folder
        ? 'No picture or clip passes the filters.'
        : 'Put pictures or clips into its folder and index it again.'}
    </EmptyState>
  );
}
