export type { CrossSite, Hooks, LinearKind, LinearSite, TextSite, TowerSizes } from './hooks.js';
export { type Initial, initialise, kaimingUniform, ones, zeros } from './initial.js';
export * from './layers.js';
export { type Declaration, parameter, type Role, rootScope, type Scope } from './scope.js';
