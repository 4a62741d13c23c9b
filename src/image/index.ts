export * from './normalise.js';
export * from './pixels.js';
export * from './resize.js';
