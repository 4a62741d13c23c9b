export { type BottleneckOptions, bottleneck } from './bottleneck.js';
export { frameWeights } from './frame-aware.js';
export { full } from './full.js';
export { heads } from './heads.js';
export { type LoraOptions, lora } from './lora.js';
export { type Method, saves, trains } from './method.js';
export { inTime } from './temporal.js';
export { adapt, type Modality, officialUniAdapter, type UniAdapterOptions, uniadapter } from './uniadapter.js';
