// Pictures as plain bytes. Every operation of this folder is Pixels → Pixels, so it runs unchanged in Node and the browser.
import { fail } from '../../error/index.js';

/** An RGB picture: `data` is u8 [height, width, 3]. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Checks that the bytes are as many as the size says.
 *
 * @throws `shape` if `data` does not hold width · height · 3 bytes or the size is empty
 */
export function pixels(width: number, height: number, data: Uint8Array): Pixels {
  if (!(width > 0 && height > 0) || data.length !== width * height * 3)
    fail('shape', {
      where: 'pixels',
      what: 'the bytes do not fit the size',
      got: `${width}×${height} with ${data.length} bytes`,
      expected: 'width · height · 3 bytes (RGB), at least one pixel',
    });
  return { width, height, data };
}
