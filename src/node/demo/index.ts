export * from './demo.js';
export { homeDomain, newDomain, writeDomain } from './domain.js';
