// The frames of a clip that the model was shown, where it looked in each, and how much each counted.

import type { Answered } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import type { Media } from '../../parts/media.js';
import { ScoreBar } from '../../parts/score-bar.js';
import classes from './ask.module.css';
import { Overlay } from './overlay.js';

export interface FramesProps {
  readonly media: Media;
  readonly answered: Answered;
  /** Of the overlay; null for none. */
  readonly strength: number | null;
}

export function Frames({ media, answered: { attention, frameWeights }, strength }: FramesProps) {
  const frames = attention?.frames.length ?? frameWeights?.length ?? 0;
  if (frames === 0) return null;
  const most = Math.max(...(frameWeights ?? [1]));
  return (
    <ol className={classes.frames} aria-label="Frames that the model was shown">
      {Array.from({ length: frames }, (_, frame) => {
        const weight = frameWeights?.[frame];
        return (
          <li key={frame}>
            <div className={classes.frame}>
              <img
                src={client.pictureUrl(media.ref, { size: 320, frame, frames })}
                alt={`frame ${frame + 1}`}
                loading="lazy"
              />
              {attention && strength !== null && (
                <Overlay grid={{ ...attention, values: attention.frames[frame] ?? [] }} strength={strength} />
              )}
            </div>
            {weight !== undefined && (
              <ScoreBar label={`weight of frame ${frame + 1}`} value={weight / most} text={`${weight.toFixed(1)}×`} />
            )}
          </li>
        );
      })}
    </ol>
  );
}
