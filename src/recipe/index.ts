export * from './docs.js';
export { FORMATS, type FormatName, VARIANTS, type VariantName } from './formats.js';
export * from './keys.js';
export { METHOD_DEFAULTS } from './method-defaults.js';
export * from './override.js';
export * from './parse.js';
export type { DecidedRecipe, Recipe, RecipeInput } from './schema.js';
export * from './yaml.js';
