// Chooses an image or clip of a library.

import { Group, Modal, Pagination, Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.js';
import { librariesQuery } from '../api/queries.js';
import { type Media, mediaOf } from './media.js';
import classes from './picker.module.css';
import { PictureButton } from './picture.js';
import { EmptyState, ErrorState, LoadingLines } from './states.js';

const PAGE = 24;

export interface LibraryPickerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onPick: (media: Media) => void;
}

export function LibraryPicker({ opened, onClose, onPick }: LibraryPickerProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Choose from a library" size="xl">
      <Items onPick={onPick} />
    </Modal>
  );
}

type Kind = 'all' | 'image' | 'video';

const KINDS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'all', label: 'Pictures and clips' },
  { value: 'image', label: 'Pictures' },
  { value: 'video', label: 'Clips' },
];

function Items({ onPick }: Pick<LibraryPickerProps, 'onPick'>) {
  const { data: libraries = [] } = useQuery(librariesQuery);
  const [chosen, setLibrary] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind>('all');
  const [page, setPage] = useState(1);
  const library = chosen ?? libraries[0]?.name;
  const query = { kind: kind === 'all' ? undefined : kind, offset: (page - 1) * PAGE, limit: PAGE };
  const items = useQuery({
    queryKey: ['items', library, query],
    queryFn: ({ signal }) => client.items(library as string, query, signal),
    enabled: library !== undefined,
    placeholderData: keepPreviousData,
  });
  const first = (set: () => void) => {
    set();
    setPage(1);
  };
  return (
    <>
      <Group mb="md" gap="xs">
        <Select
          aria-label="Library"
          data={libraries.map(({ name }) => name)}
          value={library ?? null}
          onChange={(name) => first(() => setLibrary(name))}
        />
        <Select
          aria-label="Kind"
          data={[...KINDS]}
          value={kind}
          onChange={(value) => first(() => setKind((value as Kind | null) ?? 'all'))}
        />
      </Group>
      {items.error && <ErrorState error={items.error} onRetry={() => void items.refetch()} />}
      {items.isPending && <LoadingLines lines={5} />}
      {items.data?.all === 0 && <EmptyState title="Nothing of this kind is in the library" />}
      <div className={classes.grid}>
        {items.data?.items.map((item) => (
          <PictureButton
            key={item.id}
            media={mediaOf(item)}
            alt={item.path}
            size={112}
            onClick={() => onPick(mediaOf(item))}
          />
        ))}
      </div>
      {items.data && items.data.all > PAGE && (
        <Group justify="center" mt="md">
          <Pagination value={page} onChange={setPage} total={Math.ceil(items.data.all / PAGE)} />
        </Group>
      )}
      {libraries.length === 0 && !items.error && (
        <EmptyState title="The server has no library">
          Start it with a folder: <code>uniadapter serve photos</code>
        </EmptyState>
      )}
    </>
  );
}
