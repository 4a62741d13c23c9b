// Captions that were found for a picture, each with the picture that it came with.

import { Text, UnstyledButton } from '@mantine/core';
import type { Hit } from '../../../../src/server/schema/index.js';
import { mediaOf } from '../../parts/media.js';
import { Picture } from '../../parts/picture.js';
import { ScoreBar } from '../../parts/score-bar.js';
import { moveByArrows } from './keyboard.js';
import { useMovement } from './movement.js';
import { RankChange } from './rank-change.js';
import classes from './search.module.css';

export interface CaptionHitsProps {
  readonly hits: readonly Hit[];
  readonly isOld: boolean;
  readonly onOpen: (hit: Hit) => void;
}

export function CaptionHits({ hits, isOld, onOpen }: CaptionHitsProps) {
  const list = useMovement<HTMLOListElement>();
  return (
    <ol ref={list} className={classes.rows} data-old={isOld || undefined} onKeyDown={moveByArrows}>
      {hits.map((hit) => (
        <li key={keyOf(hit)} data-key={keyOf(hit)}>
          <UnstyledButton className={classes.row} data-hit onClick={() => onOpen(hit)}>
            <Text span fw={620} className={classes.rowRank}>
              {hit.rank}
            </Text>
            <Picture media={mediaOf(hit.item)} alt="" size={64} isPlaying={false} />
            <Text span className={classes.rowText}>
              {hit.caption}
            </Text>
            <span className={classes.rowScores}>
              {hit.match !== null && <RankChange by={hit.firstRank - hit.rank} than="by similarity alone" />}
              <Text span size="xs" c="dimmed">
                {hit.similarity.toFixed(3)}
              </Text>
              {hit.probability !== null && <ScoreBar label="Belongs together" value={hit.probability} />}
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ol>
  );
}

/** Tells hits apart: an item is found once, or once by each of its captions, of which it may have the same but once. */
export const keyOf = ({ item, caption }: Hit): string => (caption === undefined ? item.id : `${item.id} ${caption}`);
