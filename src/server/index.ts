// The server without its machine: schemas, and what it asks of the machine.

export * from './schema/index.js';
export type * from './service.js';
