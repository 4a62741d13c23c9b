export type { Decoder, MediaInfo } from './decoder.js';
export { positions } from './positions.js';
