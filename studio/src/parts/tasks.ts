// What tasks are called on the pages.

import type { Adapter } from '../../../src/server/schema/index.js';

export const TASKS: Readonly<Record<Adapter['task'], string>> = {
  retrieval: 'search',
  answering: 'questions',
  captioning: 'captions',
};
