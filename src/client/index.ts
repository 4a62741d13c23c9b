// The client of a server.

export { type Client, createClient } from './client.js';
export type { ClientOptions, PictureChoice } from './options.js';
