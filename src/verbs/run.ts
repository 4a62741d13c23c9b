// What the command line, the demo and programs ask for.

export { evaluateRun } from '../evaluate/run.js';
export { exportPrograms } from '../export/programs/export.js';
export { exportRelease, importRelease } from '../export/release/release.js';
export { openAsking } from '../predict/ask.js';
export { caption } from '../predict/caption.js';
export { recipeForData } from '../predict/programs/task.js';
export { openSearch } from '../search/folder-search.js';
export { indexFolder } from '../search/index-folder.js';
export { openIndexedSearch } from '../search/indexed-search.js';
export { trainRun } from '../train/run/train-run.js';
export { pull } from '../weights/pull.js';
export { push } from '../weights/push.js';
export { inspect } from './inspect.js';
