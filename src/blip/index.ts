export { type BlipConfig, blipBase, imageTokens, type TowerConfig, tiny } from './config.js';
export {
  type Blip,
  type EncodedImages,
  encodeImages,
  encodePairs,
  encodeTexts,
  match,
  pickTexts,
  type Texts,
} from './encode.js';
export { resizePositions } from './positions.js';
export { paddingMask, type Seen, type TextInput, textTower } from './text.js';
export { visionTower } from './vision.js';
