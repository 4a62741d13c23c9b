export { crossAttentions } from './attentions.js';
export { type BlipConfig, blipBase, type DecoderConfig, imageTokens, type TowerConfig, tiny } from './config.js';
export {
  type DecodeStep,
  decode,
  decoderOf,
  decodeStep,
  pickKeysValues,
  projectForDecoder,
  vocabularyLogits,
} from './decoder.js';
export { type Meaning, meaningOf, releaseAliases } from './dialects.js';
export {
  type Blip,
  type EncodedImages,
  encodeImages,
  encodePairs,
  imageFeatures,
  match,
  pickTexts,
  projectImages,
  readTexts,
  seeImages,
  type Texts,
  textFeatures,
} from './encode.js';
export { inferSizes } from './infer.js';
export { resizePositions } from './positions.js';
export {
  type KeysValues,
  type Past,
  type Projected,
  paddingMask,
  type Seen,
  type TextInput,
  textTower,
} from './text.js';
export { visionTower } from './vision.js';
