// What the core asks of a platform's decoders: files of every kind → pixels.
import type { Pixels } from '../image/index.js';

export interface MediaInfo {
  readonly kind: 'image' | 'animation' | 'video' | 'frames';
  /** As displayed, in pixels. */
  readonly width: number;
  readonly height: number;
  /** 1 for an image; null where only decoding would tell. */
  readonly frames: number | null;
  /** 0 for an image; null where the file does not say. */
  readonly seconds: number | null;
}

export interface Decoder {
  /**
   * The frames shown at `positions`, as many as those; an image gives itself every time.
   *
   * @param positions  0…1 of the duration, ascending
   * @throws `file` if there is nothing to read, `data` if it cannot be decoded; both name the path
   */
  frames(path: string, positions: readonly number[]): Promise<readonly Pixels[]>;
  /** What can be told without decoding pictures. @throws as `frames` */
  probe(path: string): Promise<MediaInfo>;
}
