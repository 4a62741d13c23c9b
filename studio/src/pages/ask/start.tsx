// Before anything is chosen: drop, paste, choose, or take one of a library.

import { Button, Title } from '@mantine/core';
import { skipToken, useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { librariesQuery } from '../../api/queries.js';
import { Link } from '../../app/link.js';
import { WorldIcon } from '../../parts/icons.js';
import { type Media, mediaOf } from '../../parts/media.js';
import { MediaPicker } from '../../parts/picker.js';
import { PictureButton } from '../../parts/picture.js';
import { ErrorState, LoadingGrid } from '../../parts/states.js';
import classes from './ask.module.css';

/** A few of each, to begin with. */
const SHOWN = { image: 8, video: 4 } as const;
type Kind = keyof typeof SHOWN;

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
  const [images, videos] = [useItems(library, 'image'), useItems(library, 'video')];
  const failed = [libraries, images, videos].find(({ error }) => error);
  const items = [...(images.data?.items ?? []), ...(videos.data?.items ?? [])];
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (libraries.data?.length === 0) return null;
  return (
    <section className={classes.examples}>
      <Title order={2} className={classes.heading}>
        {library ? `Or one of “${library}”` : 'Or one of a library'}
      </Title>
      {images.data && videos.data ? (
        <div className={classes.grid}>
          {items.map((item) => (
            <PictureButton
              key={item.id}
              media={mediaOf(item)}
              alt={`Ask about ${item.path}`}
              size={180}
              onClick={() => onPick(mediaOf(item))}
            />
          ))}
        </div>
      ) : (
        <LoadingGrid items={SHOWN.image + SHOWN.video} />
      )}
    </section>
  );
}

function useItems(library: string | undefined, kind: Kind) {
  const query = { kind, limit: SHOWN[kind] };
  return useQuery({
    queryKey: ['items', library, query],
    queryFn: library === undefined ? skipToken : ({ signal }) => client.items(library, query, signal),
  });
}
