// Which rows, as conditions that hold together; each store writes them in its own SQL.

import type { RowFilter } from './types.js';

export interface Condition {
  readonly column: 'kind' | 'path' | 'modified';
  readonly operator: '=' | '>=' | '<';
  readonly value: string | number;
}

/** All conditions of a filter but which kind of row it is, which the stores keep apart. */
export function conditionsOf({ folder, kind, from, until }: RowFilter): readonly Condition[] {
  return [
    ...(folder ? below(folder) : []),
    ...(kind === undefined ? [] : [{ column: 'kind', operator: '=', value: kind } as const]),
    ...(from === undefined ? [] : [{ column: 'modified', operator: '>=', value: from } as const]),
    ...(until === undefined ? [] : [{ column: 'modified', operator: '<', value: until } as const]),
  ];
}

/** Paths in a folder are those between `folder/` and `folder0`, `0` being what follows `/`: a range, which indexes know. */
function below(folder: string): readonly Condition[] {
  const name = folder.replace(/\/+$/, '');
  return [
    { column: 'path', operator: '>=', value: `${name}/` },
    { column: 'path', operator: '<', value: `${name}0` },
  ];
}
