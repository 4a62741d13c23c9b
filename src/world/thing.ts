// One object of a scene, as data.
import type { Tint } from './kinds.js';

export type Size = 'small' | 'large';

/** One object of a scene. Lengths are fractions of the picture's edge. */
export interface Thing {
  readonly noun: string;
  /** The sprite's key in an atlas. */
  readonly code: string;
  /** Null leaves the art's own colours. */
  readonly tint: Tint | null;
  readonly size: Size;
  readonly edge: number;
  /** The centre, from the left and from the top. */
  readonly x: number;
  readonly y: number;
  /** Clockwise, in radians. */
  readonly rotation: number;
  readonly flip: boolean;
}
