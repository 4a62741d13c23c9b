// What the command line, the demo and programs ask for.

export { exportRelease, importRelease } from '../checkpoint/release.js';
export { exportPrograms } from '../export/export.js';
export { pull } from '../hub/pull.js';
export { push } from '../hub/push.js';
export { indexFolder } from '../library/index-folder.js';
export { openIndexedSearch } from '../library/indexed-search.js';
export { openAsking } from './ask.js';
export { caption } from './caption.js';
export { evaluateRun } from './evaluate-run.js';
export { inspect } from './inspect.js';
export { openSearch } from './search.js';
export { recipeForData } from './task.js';
export { trainRun } from './train-run.js';
