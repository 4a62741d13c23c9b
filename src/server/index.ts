// The server without its machine: schemas, what it asks of the machine, and the API over it.

export type { Limits, LogEntry, Metrics, ServerOptions } from './http/options.js';
export * from './schema/index.js';
export type * from './schema/service.js';
export { type ApiServer, createServer } from './server.js';
