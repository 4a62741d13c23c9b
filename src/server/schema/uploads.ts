// Files that users send to search or ask about; they are kept for a while.

import { z } from 'zod';
import { countSchema, kindSchema, timeSchema } from './common.js';

export const uploadSchema = z
  .object({
    upload: z.string().describe('Its id.'),
    kind: kindSchema,
    bytes: countSchema,
    width: countSchema,
    height: countSchema,
    expires: timeSchema,
  })
  .meta({ id: 'Upload' });
export type Upload = z.output<typeof uploadSchema>;
