// Before anything is chosen: drop, paste, choose, or take one of a library.

import { Button, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { librariesQuery } from '../../api/queries.js';
import { Link } from '../../app/link.js';
import { WorldIcon } from '../../parts/icons.js';
import { type Media, mediaOf } from '../../parts/media.js';
import { MediaPicker } from '../../parts/picker.js';
import { Picture } from '../../parts/picture.js';
import { ErrorState, LoadingGrid } from '../../parts/states.js';
import classes from './ask.module.css';

/** A few, to begin with. */
const SHOWN = 12;

export function Start({ onPick }: { readonly onPick: (media: Media) => void }) {
  return (
    <>
      <MediaPicker onPick={onPick} />
      <Examples onPick={onPick} />
      <Button component={Link} to="/world" variant="subtle" leftSection={<WorldIcon />} mt="lg">
        Or draw one in the world
      </Button>
    </>
  );
}

function Examples({ onPick }: { readonly onPick: (media: Media) => void }) {
  const libraries = useQuery(librariesQuery);
  const library = libraries.data?.[0]?.name;
  const items = useQuery({
    queryKey: ['items', library, SHOWN],
    queryFn: ({ signal }) => client.items(library as string, { limit: SHOWN }, signal),
    enabled: library !== undefined,
  });
  const error = libraries.error ?? items.error;
  if (error) return <ErrorState error={error} onRetry={() => void (libraries.error ? libraries : items).refetch()} />;
  if (libraries.data?.length === 0 || items.data?.all === 0) return null;
  return (
    <section className={classes.examples}>
      <Title order={2} className={classes.heading}>
        {library ? `Or one of “${library}”` : 'Or one of a library'}
      </Title>
      {items.data ? (
        <div className={classes.grid}>
          {items.data.items.map((item) => (
            <UnstyledButton
              key={item.id}
              className={classes.item}
              onClick={() => onPick(mediaOf(item))}
              aria-label={`Ask about ${item.path}`}
            >
              <Picture media={mediaOf(item)} alt="" size={180} />
            </UnstyledButton>
          ))}
        </div>
      ) : (
        <LoadingGrid items={SHOWN} />
      )}
    </section>
  );
}
