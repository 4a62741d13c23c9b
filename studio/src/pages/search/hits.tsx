// Hits as a grid of large pictures.

import { ActionIcon, Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Hit } from '../../../../src/server/schema/index.js';
import { CaptionIcon, SimilarIcon } from '../../parts/icons.js';
import { mediaOf } from '../../parts/media.js';
import { PictureButton } from '../../parts/picture.js';
import { ScoreBar } from '../../parts/score-bar.js';
import { keyOf } from './caption-hits.js';
import { moveByArrows } from './keyboard.js';
import { useMovement } from './movement.js';
import { type SearchPlace, search } from './place.js';
import { RankChange } from './rank-change.js';
import classes from './search.module.css';

export interface HitsProps {
  readonly place: SearchPlace;
  readonly hits: readonly Hit[];
  /** Whether these answer an earlier question. */
  readonly isOld: boolean;
  readonly onOpen: (hit: Hit) => void;
  /** What stands beside the rank; default how far the second stage moved it. */
  readonly mark?: (hit: Hit) => ReactNode;
  /** `dense` is for two lists beside each other. */
  readonly look?: 'large' | 'dense';
}

export function Hits({ place, hits, isOld, onOpen, mark = movedBy, look = 'large' }: HitsProps) {
  const list = useMovement<HTMLOListElement>();
  return (
    <ol ref={list} className={classes.hits} data-look={look} data-old={isOld || undefined} onKeyDown={moveByArrows}>
      {hits.map((hit) => (
        <li key={keyOf(hit)} data-key={keyOf(hit)} className={classes.hit}>
          <HitCard place={place} hit={hit} mark={mark(hit)} onOpen={() => onOpen(hit)} />
        </li>
      ))}
    </ol>
  );
}

const movedBy = ({ firstRank, rank, match }: Hit): ReactNode =>
  match === null ? null : <RankChange by={firstRank - rank} than="by similarity alone" />;

interface HitCardProps {
  readonly place: SearchPlace;
  readonly hit: Hit;
  readonly mark: ReactNode;
  readonly onOpen: () => void;
}

function HitCard({ place, hit, mark, onOpen }: HitCardProps) {
  const { caption = hit.item.captions[0] } = hit;
  return (
    <>
      <PictureButton media={mediaOf(hit.item)} alt={caption ?? hit.item.path} size={300} isHit onClick={onOpen}>
        <div className={classes.scores}>
          <Text span fw={620}>
            {hit.rank}
          </Text>
          {mark}
          <Text span size="xs" c="dimmed" ml="auto" title="Cosine of the embeddings: the first stage">
            <span className={classes.similar}>similarity </span>
            {hit.similarity.toFixed(3)}
          </Text>
        </div>
        {hit.probability !== null && <ScoreBar label="Belongs together" value={hit.probability} />}
      </PictureButton>
      <div className={classes.actions}>
        <Tooltip label="More like this">
          <ActionIcon variant="default" aria-label="More like this" onClick={() => moreLike(place, hit)}>
            <SimilarIcon size={18} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Captions for this">
          <ActionIcon variant="default" aria-label="Captions for this" onClick={() => captionsFor(place, hit)}>
            <CaptionIcon size={18} />
          </ActionIcon>
        </Tooltip>
      </div>
    </>
  );
}

/** Searches by a hit. */
export const moreLike = (place: SearchPlace, { item }: Pick<Hit, 'item'>): void =>
  search(place, { like: { library: item.library, item: item.id }, text: '', find: 'media' });

/** Searches the captions of the library by a hit. */
export const captionsFor = (place: SearchPlace, { item }: Pick<Hit, 'item'>): void =>
  search(place, { like: { library: item.library, item: item.id }, text: '', find: 'captions' });
