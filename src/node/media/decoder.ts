// Media files of every kind → pixels.
import type { Decoder } from '../../video/index.js';
import { checkHeader, decodeImage } from './image.js';

export const createDecoder = (): Decoder => ({
  async frames(path, positions) {
    const image = await decodeImage(path);
    return positions.map(() => image);
  },
  async probe(path) {
    await checkHeader(path);
    return { kind: 'image', width: 0, height: 0, frames: 1, seconds: 0 };
  },
});
