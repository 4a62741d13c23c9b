// The picture or clip as large as there is room, and on it where the model looked.

import { type ReactNode, useState } from 'react';
import type { Answered } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import type { Media } from '../../parts/media.js';
import { Playback } from '../../parts/playback.js';
import classes from './ask.module.css';
import { Frames } from './frames.js';
import { Overlay } from './overlay.js';

export interface SeenProps {
  readonly media: Media;
  /** The answer whose attention is shown. */
  readonly answered: Answered | undefined;
  /** Of the overlay; null for none. */
  readonly strength: number | null;
}

export function Seen({ media, answered, strength }: SeenProps) {
  const attention = media.kind === 'image' ? answered?.attention : undefined;
  return (
    <div>
      <Whole key={client.mediaUrl(media.ref)} media={media}>
        {attention && strength !== null && (
          <Overlay grid={{ ...attention, values: attention.frames[0] ?? [] }} strength={strength} />
        )}
      </Whole>
      {media.kind === 'video' && answered && <Frames media={media} answered={answered} strength={strength} />}
    </div>
  );
}

/** In its own shape, so that what is laid over it fits. */
function Whole({ media, children }: { readonly media: Media; readonly children: ReactNode }) {
  const [shape, setShape] = useState(1); // width / height
  const [isBroken, setBroken] = useState(false);
  if (isBroken)
    return (
      <div className={classes.broken}>
        This {media.kind === 'image' ? 'picture' : 'clip'} is not there any more. Choose it again.
      </div>
    );
  return (
    <div className={classes.whole} style={{ aspectRatio: shape, width: `min(100%, ${70 * shape}dvh)` }}>
      <img
        src={client.pictureUrl(media.ref, { size: 1024 })}
        alt={media.name}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setShape(naturalWidth / naturalHeight)}
        onError={() => setBroken(true)}
      />
      {media.kind === 'video' && <Playback media={media} controls />}
      {children}
    </div>
  );
}
