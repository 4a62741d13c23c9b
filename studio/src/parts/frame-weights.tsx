// The frames of a clip as the model was shown them, each with a bar of how much it counted.

import { Text } from '@mantine/core';
import { client } from '../api/client.js';
import classes from './frame-weights.module.css';
import type { Media } from './media.js';

export interface FrameWeightsProps {
  readonly media: Media;
  /** Of each frame, 1 on average. */
  readonly weights: readonly number[];
}

export function FrameWeights({ media, weights }: FrameWeightsProps) {
  const largest = Math.max(...weights);
  return (
    <ol className={classes.frames}>
      {weights.map((weight, frame) => (
        <li key={frame}>
          <img
            className={classes.frame}
            src={client.pictureUrl(media.ref, { size: 160, frame, frames: weights.length })}
            alt={`Frame ${frame + 1}`}
            loading="lazy"
          />
          <div className={classes.track} aria-hidden>
            <div className={classes.fill} style={{ width: `${(weight / largest) * 100}%` }} />
          </div>
          <Text size="xs" c="dimmed">
            {weight.toFixed(2)}
          </Text>
        </li>
      ))}
    </ol>
  );
}
