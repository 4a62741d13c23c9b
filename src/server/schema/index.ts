// Everything that goes over the wire. The code validates with these, and OpenAPI and the client's types are made of them.

export * from './adapters.js';
export * from './ask.js';
export * from './common.js';
export * from './info.js';
export * from './jobs.js';
export * from './libraries.js';
export * from './search.js';
export * from './uploads.js';
export * from './world.js';
