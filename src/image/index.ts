export * from './crop.js';
export * from './normalise.js';
export * from './pixels.js';
export * from './preprocess.js';
export * from './randaugment.js';
export * from './resize.js';
export * from './tone.js';
export * from './warp.js';
