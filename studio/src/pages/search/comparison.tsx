// Two adapters beside each other: the same search, and what moved between them.

import { ActionIcon, Text, Title, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { Hit } from '../../../../src/server/schema/index.js';
import { titleOf } from '../../parts/adapter-select.js';
import { CloseIcon } from '../../parts/icons.js';
import { ErrorState, LoadingGrid } from '../../parts/states.js';
import { keyOf } from './caption-hits.js';
import { Details, entryOf } from './details.js';
import { Hits } from './hits.js';
import { Pages } from './pages.js';
import { requestOf, type SearchPlace, search } from './place.js';
import { RankChange } from './rank-change.js';
import { type Results, shown, useResults } from './results.js';
import classes from './search.module.css';
import { Nothing } from './single.js';
import { Summary } from './summary.js';

export interface ComparisonProps {
  readonly place: SearchPlace;
  readonly library: string;
  /** The one that is searched with, and the one beside it. */
  readonly adapters: readonly [string, string];
}

export function Comparison({ place, library, adapters: [left, right] }: ComparisonProps) {
  const one = useResults(requestOf(place, library, left));
  const other = useResults(requestOf(place, library, right));
  const hitsOf = ({ stages }: Results) => (stages ? shown(stages, place.stage).hits : []);
  const [opened, open] = useState<{ readonly side: string; readonly key: string } | null>(null);
  const openedHits = hitsOf(opened?.side === right ? other : one);
  return (
    <section aria-label="Results of two adapters">
      <Summary place={place} results={one} />
      <div className={classes.columns}>
        <Column place={place} adapter={left} results={one} others={[]} onOpen={(key) => open({ side: left, key })} />
        <Column
          place={place}
          adapter={right}
          results={other}
          others={hitsOf(one)}
          comparedWith={left}
          onOpen={(key) => open({ side: right, key })}
        />
      </div>
      <Pages place={place} hits={Math.max(hitsOf(one).length, hitsOf(other).length)} />
      <Details
        place={place}
        entries={openedHits.map(entryOf)}
        opened={opened?.key ?? null}
        onOpen={(key) => open(key === null || !opened ? null : { ...opened, key })}
      />
    </section>
  );
}

interface ColumnProps {
  readonly place: SearchPlace;
  readonly adapter: string;
  readonly results: Results;
  /** What the other adapter found. */
  readonly others: readonly Hit[];
  /** The other adapter; undefined where this one is what the other is compared with. */
  readonly comparedWith?: string;
  readonly onOpen: (key: string) => void;
}

function Column({ place, adapter, results, others, comparedWith, onOpen }: ColumnProps) {
  const hits = results.stages ? shown(results.stages, place.stage).hits : [];
  const mark = (hit: Hit) =>
    comparedWith !== undefined && <Moved hit={hit} others={others} than={titleOf(comparedWith)} />;
  return (
    <section className={classes.column} aria-label={titleOf(adapter)} aria-busy={results.isSearching}>
      <header className={classes.columnHead}>
        <Title order={2} size="h5" className={classes.columnTitle}>
          {titleOf(adapter)}
        </Title>
        {comparedWith !== undefined && (
          <Tooltip label="End the comparison">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="End the comparison"
              onClick={() => search(place, { other: null })}
            >
              <CloseIcon size={18} />
            </ActionIcon>
          </Tooltip>
        )}
      </header>
      {results.error && <ErrorState error={results.error} onRetry={results.retry} />}
      {!results.error && !results.stages && <LoadingGrid items={4} label="Searching" />}
      {results.stages && hits.length === 0 && <Nothing place={place} />}
      <Hits
        place={place}
        hits={hits}
        isOld={results.isOld}
        look="dense"
        onOpen={(hit) => onOpen(keyOf(hit))}
        mark={mark}
      />
    </section>
  );
}

interface MovedProps {
  readonly hit: Hit;
  readonly others: readonly Hit[];
  readonly than: string;
}

function Moved({ hit, others, than }: MovedProps) {
  const there = others.find((other) => keyOf(other) === keyOf(hit));
  if (there) return <RankChange by={there.rank - hit.rank} than={`with ${than}`} />;
  if (others.length === 0) return null;
  return (
    <Text span size="xs" className={classes.new} title={`Not on this page with ${than}`}>
      new
    </Text>
  );
}
