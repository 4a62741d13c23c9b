// Rows on their way into a table: a write costs as much for one row as for hundreds, but what is not written when the
// process ends is computed again.

import type { VectorRow, VectorTable } from './types.js';

const [ROWS, MS] = [512, 5000];

export interface Writer {
  /** Writes when there are enough rows, or when the last write is long ago. */
  add(rows: readonly VectorRow[]): Promise<void>;
  flush(): Promise<void>;
}

export function createWriter(table: VectorTable): Writer {
  let waiting: VectorRow[] = [];
  let written = performance.now();
  const flush = async () => {
    const rows = waiting;
    waiting = [];
    if (rows.length > 0) await table.put(rows);
    written = performance.now();
  };
  return {
    async add(rows) {
      waiting.push(...rows);
      if (waiting.length >= ROWS || performance.now() - written >= MS) await flush();
    },
    flush,
  };
}
