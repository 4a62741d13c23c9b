// What is drawn on a page: pictures and charts, as text.

/** An image, or a few frames of a clip. */
export interface Picture {
  /** Small images as data URIs, in order; one for an image. */
  readonly frames: readonly string[];
  /** How much each frame was looked at, 1 on average; null where frames are not weighed. */
  readonly weights: readonly number[] | null;
  readonly name: string;
}

/** The same chart twice, since shrinking one would shrink its words. */
export interface Chart {
  readonly wide: string;
  readonly narrow: string;
}
