// Search: words or a picture in, pictures, clips or captions out.

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Adapter, Library } from '../../../../src/server/schema/index.js';
import { adaptersQuery, librariesQuery, NO_ADAPTER } from '../../api/queries.js';
import type { PageProps } from '../../app/pages.js';
import { usePlace } from '../../app/place.js';
import { PageFrame } from '../../parts/page.js';
import { EmptyState, ErrorState, LoadingGrid } from '../../parts/states.js';
import { useDrop, usePaste, useUpload } from '../../parts/upload.js';
import { SearchBar } from './bar.js';
import { Browse } from './browse.js';
import { Comparison } from './comparison.js';
import { IndexNote, MissingIndex } from './index-state.js';
import { hasQuery, type SearchPlace, search, searchPlace } from './place.js';
import classes from './search.module.css';
import { Single } from './single.js';
import { Tools } from './tools.js';

export default function SearchPage(_: PageProps) {
  const place = searchPlace(usePlace().query);
  const libraries = useQuery(librariesQuery);
  const adapters = useQuery(adaptersQuery);
  const upload = useUpload(({ ref }) => search(place, { like: ref, text: '' }));
  const drop = useDrop(([file]) => file && upload.send(file));
  usePaste(upload.send);
  const library = libraries.data?.find(({ name }) => name === place.library) ?? libraries.data?.[0];
  return (
    <div className={classes.drop} data-over={drop.isOver || undefined} {...drop.props}>
      <PageFrame title="Search" tab={place.text.trim() || 'Search'}>
        <SearchBar place={place} isSending={upload.isPending} onFile={upload.send} />
        {upload.error && <ErrorState error={upload.error} />}
        {libraries.error && <ErrorState error={libraries.error} onRetry={() => void libraries.refetch()} />}
        {libraries.data?.length === 0 && <NoLibrary />}
        {(libraries.isPending || adapters.isPending) && <Loading />}
        {library && !adapters.isPending && (
          <Found place={place} library={library} adapter={place.adapter ?? bestOf(library, adapters.data ?? [])} />
        )}
      </PageFrame>
      {drop.isOver && <div className={classes.over}>Drop it to search by it</div>}
    </div>
  );
}

interface FoundProps {
  readonly place: SearchPlace;
  readonly library: Library;
  readonly adapter: string;
}

function Found({ place, library, adapter }: FoundProps) {
  const missing = [adapter, ...(place.other ? [place.other] : [])].find((name) => !indexOf(library, name));
  const pair = place.other ? ([adapter, place.other] as const) : null;
  return (
    <>
      <Tools place={place} library={library} adapter={adapter} />
      {missing === undefined ? (
        <>
          <IndexNote key={`${library.name} ${adapter}`} library={library} adapter={adapter} />
          {!hasQuery(place) && <Browse place={place} library={library} />}
          {hasQuery(place) && !pair && <Single place={place} library={library.name} adapter={adapter} />}
          {hasQuery(place) && pair && <Comparison place={place} library={library.name} adapters={pair} />}
        </>
      ) : (
        <MissingIndex key={`${library.name} ${missing}`} library={library} adapter={missing} />
      )}
    </>
  );
}

function Loading() {
  return (
    <>
      <Skeleton height={36} width="min(26rem, 100%)" mb="xl" />
      <LoadingGrid items={8} />
    </>
  );
}

function NoLibrary() {
  return (
    <EmptyState title="There is nothing to search yet">
      Start the server with a folder of pictures or clips: <code>uniadapter serve photos</code>
    </EmptyState>
  );
}

const indexOf = (library: Library, adapter: string) => library.indexes.find((index) => index.adapter === adapter);

/**
 * An adapter that the library is indexed with, those with an index that is up to date first, then those for what most of it
 * is, images or clips; else the backbone alone.
 */
function bestOf(library: Library, adapters: readonly Adapter[]): string {
  const indexed = adapters.filter(({ name, task }) => task === 'retrieval' && indexOf(library, name));
  const isForImages = library.images >= library.videos;
  const worth = ({ name, frames }: Adapter) =>
    (indexOf(library, name)?.isCurrent ? 2 : 0) + ((frames === null) === isForImages ? 1 : 0);
  const [best] = indexed.toSorted((a, b) => worth(b) - worth(a));
  return best?.name ?? NO_ADAPTER;
}
