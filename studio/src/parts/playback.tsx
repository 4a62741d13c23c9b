// A clip that plays without sound: as a video where the browser can, as a moving picture, or frame by frame as the server reads it.

import { useEffect, useState } from 'react';
import { client } from '../api/client.js';
import type { Media } from './media.js';
import classes from './picture.module.css';

/** Each is tried when the one before cannot be shown. */
const WAYS = ['video', 'picture', 'frames'] as const;

export interface PlaybackProps {
  readonly media: Media;
  /** Whether the reader can pause it. Default false. */
  readonly controls?: boolean;
}

/** Fills the picture that it is put over. */
export function Playback({ media, controls = false }: PlaybackProps) {
  const [way, setWay] = useState(isMovingPicture(media.name) ? 1 : 0);
  const next = () => setWay((tried) => Math.min(tried + 1, WAYS.length - 1));
  const src = client.mediaUrl(media.ref);
  switch (WAYS[way]) {
    case 'video':
      return (
        <video
          className={classes.playback}
          src={src}
          autoPlay
          loop
          muted
          playsInline
          controls={controls}
          onError={next}
        />
      );
    case 'picture':
      return <img className={classes.playback} src={src} alt="" onError={next} />;
    default:
      return <Frames media={media} />;
  }
}

const FRAMES = 8;
const FRAME_MS = 250;

function Frames({ media }: { readonly media: Media }) {
  const [frame, setFrame] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setFrame((last) => (last + 1) % FRAMES), FRAME_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <img className={classes.playback} src={client.pictureUrl(media.ref, { size: 320, frame, frames: FRAMES })} alt="" />
  );
}

const isMovingPicture = (name: string): boolean => /\.(gif|webp|apng|avif)$/i.test(name);
