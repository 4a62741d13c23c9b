// The hits of one adapter.

import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Hit } from '../../../../src/server/schema/index.js';
import { SearchIcon } from '../../parts/icons.js';
import { EmptyState, ErrorState, LoadingGrid } from '../../parts/states.js';
import { CaptionHits, keyOf } from './caption-hits.js';
import { Details, entryOf } from './details.js';
import { Hits } from './hits.js';
import { Pages } from './pages.js';
import { filtersSet, NO_FILTERS, requestOf, type SearchPlace, search } from './place.js';
import { type Results, shown, useResults } from './results.js';
import { Summary } from './summary.js';

export interface SingleProps {
  readonly place: SearchPlace;
  readonly library: string;
  readonly adapter: string;
}

export function Single({ place, library, adapter }: SingleProps) {
  const results = useResults(requestOf(place, library, adapter));
  const [opened, open] = useState<string | null>(null);
  const hits = results.stages ? shown(results.stages, place.stage).hits : [];
  return (
    <section aria-label="Results" aria-busy={results.isSearching}>
      <Summary place={place} results={results} />
      <Body place={place} results={results} hits={hits} onOpen={(hit) => open(keyOf(hit))} />
      <Pages place={place} hits={hits.length} />
      <Details place={place} entries={hits.map(entryOf)} opened={opened} onOpen={open} />
    </section>
  );
}

interface BodyProps {
  readonly place: SearchPlace;
  readonly results: Results;
  readonly hits: readonly Hit[];
  readonly onOpen: (hit: Hit) => void;
}

function Body({ place, results, hits, onOpen }: BodyProps) {
  if (results.error) return <ErrorState error={results.error} onRetry={results.retry} />;
  if (!results.stages) return <LoadingGrid items={8} label="Searching" />;
  if (hits.length === 0) return <Nothing place={place} />;
  const isCaptions = place.like !== null && place.find === 'captions';
  if (isCaptions && hits.every(({ caption }) => caption !== undefined))
    return <CaptionHits hits={hits} isOld={results.isOld} onOpen={onOpen} />;
  return <Hits place={place} hits={hits} isOld={results.isOld} onOpen={onOpen} />;
}

/** @param place  that nothing was found for */
export function Nothing({ place }: { readonly place: SearchPlace }) {
  const filters = filtersSet(place);
  return (
    <EmptyState
      icon={<SearchIcon size={26} />}
      title={place.page > 1 ? 'That was all' : 'Nothing fits'}
      action={
        filters > 0 ? (
          <Button variant="default" onClick={() => search(place, NO_FILTERS)}>
            Search without filters
          </Button>
        ) : undefined
      }
    >
      {place.page > 1
        ? 'There are no hits on this page.'
        : filters > 0
          ? 'No picture or clip passes the filters.'
          : place.find === 'captions'
            ? 'No captions came with this library.'
            : 'The index of this library is empty.'}
    </EmptyState>
  );
}
