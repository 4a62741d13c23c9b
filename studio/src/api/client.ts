// The client of the server that the studio came from.

import { createClient } from '../../../src/client/index.js';
import { ask } from './token.js';

export const client = createClient({ fetch: ask });
