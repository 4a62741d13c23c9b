// The client of the server that the studio came from.

import { createClient } from '../../../src/client/index.js';

export const client = createClient();
