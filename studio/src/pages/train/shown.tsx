// A picture or clip of a dataset, or a grey field where the server cannot show it.

import type { MediaRef } from '../../../../src/server/schema/index.js';
import { Picture } from '../../parts/picture.js';
import classes from './train.module.css';

export interface ShownProps {
  readonly media: MediaRef | null;
  readonly kind: 'image' | 'video';
  readonly alt: string;
  /** Pixels. */
  readonly size: number;
}

export function Shown({ media, kind, alt, size }: ShownProps) {
  if (media) return <Picture media={{ ref: media, kind, name: alt }} alt={alt} size={size} />;
  return (
    <div className={classes.unseen} role="img" aria-label={alt}>
      no picture
    </div>
  );
}
