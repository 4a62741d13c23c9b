// A backbone's description → the sizes that the core works with.

import type { BackboneInfo } from '../format/index.js';
import type { BlipConfig } from './blip/index.js';

/** What the core needs of a description. */
export const configOf = (info: BackboneInfo, imageSize = info.vision.imageSize): BlipConfig => {
  const { vision, text, projection, tokens, decoder } = info;
  return {
    vision: { ...vision, imageSize },
    text,
    projection,
    encodeToken: tokens.enc,
    ...(decoder && { decoder: { ...decoder, startToken: tokens.bos } }),
  };
};
