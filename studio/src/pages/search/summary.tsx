// One line above the hits: what was done and how long it took, and the switch between the two stages.

import { Loader, SegmentedControl, Text } from '@mantine/core';
import type { SearchResult } from '../../../../src/server/schema/index.js';
import { counted, duration } from '../../parts/format.js';
import { type SearchPlace, search } from './place.js';
import type { Results } from './results.js';
import classes from './search.module.css';

export interface SummaryProps {
  readonly place: SearchPlace;
  readonly results: Results;
}

export function Summary({ place, results: { stages, isSearching, isOld, error } }: SummaryProps) {
  if (error || !stages) return null;
  const isReranking = isSearching && !isOld && !stages.final;
  return (
    <div className={classes.summary}>
      <Text size="sm" c="dimmed" role="status">
        {isReranking ? (
          <>
            <Loader size={12} mr={8} />
            Looking at the nearest again
          </>
        ) : (
          told(stages.final ?? stages.first)
        )}
      </Text>
      {(stages.final?.reranked ?? 1) > 0 && <StageSwitch place={place} />}
    </div>
  );
}

/** `120 compared in 6 ms, 24 looked at again in 96 ms` */
function told({ searched, reranked, reranking, seconds, stage }: SearchResult): string {
  const nearest = `${counted(searched, 'embedding')} compared in ${duration(seconds.embed + seconds.nearest)}`;
  return reranked > 0
    ? `${nearest}, ${reranked} looked at again in ${duration(seconds.rerank)}`
    : stage === 'final'
      ? `${nearest}. ${reranking}`
      : nearest;
}

/** Before or after re-ranking. */
export function StageSwitch({ place }: { readonly place: SearchPlace }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Ranks"
      value={place.stage}
      onChange={(stage) => search(place, { stage, page: place.page })}
      data={[
        { value: 'first', label: 'Nearest' },
        { value: 'final', label: 'Re-ranked' },
      ]}
    />
  );
}
