export type { Annotations, Part } from './annotations.js';
export { parseBlipCaptions } from './blip-captions.js';
export { parseBlipVqa } from './blip-vqa.js';
export { parseDidemo } from './didemo.js';
export { parseKarpathy } from './karpathy.js';
export { type MsrvttFiles, type MsrvttVariant, parseMsrvtt } from './msrvtt.js';
export { parseMsrvttQa } from './msrvtt-qa.js';
export { parseVisualGenome } from './visual-genome.js';
export { parseVqa, type VqaPart } from './vqa.js';
