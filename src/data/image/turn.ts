// Quarter turns and mirrors, as cameras note them beside a picture that they store as the sensor saw it.
import type { Pixels } from './pixels.js';

/** Where a picture's axes point when it is shown: a stored pixel (x, y) is shown at (a·x + c·y, b·x + d·y), moved into view. */
export interface Orientation {
  readonly a: -1 | 0 | 1;
  readonly b: -1 | 0 | 1;
  readonly c: -1 | 0 | 1;
  readonly d: -1 | 0 | 1;
}

export const UPRIGHT: Orientation = { a: 1, b: 0, c: 0, d: 1 };

/** The picture turned and mirrored; a quarter turn exchanges width and height. */
export function turn(source: Pixels, { a, b, c, d }: Orientation): Pixels {
  if (a === 1 && d === 1) return source;
  const [width, height] = a === 0 ? [source.height, source.width] : [source.width, source.height];
  const data = new Uint8Array(source.data.length);
  // the inverse of an orthogonal matrix is its transpose: shown (x, y) is stored at (a·x + b·y, c·x + d·y)
  const left = a + b < 0 ? source.width - 1 : 0;
  const top = c + d < 0 ? source.height - 1 : 0;
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3) {
      const from = ((top + c * x + d * y) * source.width + left + a * x + b * y) * 3;
      data[to] = source.data[from] as number;
      data[to + 1] = source.data[from + 1] as number;
      data[to + 2] = source.data[from + 2] as number;
    }
  return { width, height, data };
}
