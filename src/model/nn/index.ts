export { type Initial, initialise, kaimingUniform, ones, zeros } from './initial.js';
export * from './layers.js';
export { type Declaration, parameter, type Role, rootScope, type Scope } from './scope.js';
export type { CrossSite, LinearKind, LinearSite, Seam, TextSite, TowerSizes } from './seam.js';
