// Who can do a task: the backbone alone where it has learnt to, and the adapters that were trained for it.

import { useQuery } from '@tanstack/react-query';
import type { Adapter } from '../../../src/server/schema/index.js';
import { adaptersQuery, infoQuery, NO_ADAPTER } from '../api/queries.js';

/**
 * Names of those that can do one of the tasks, the backbone alone first.
 *
 * @param tasks  default: all of them
 * @returns undefined until it is known
 */
export function useAble(tasks?: readonly Adapter['task'][]): readonly string[] | undefined {
  const { data: adapters } = useQuery(adaptersQuery);
  const { data: info } = useQuery(infoQuery);
  if (!adapters || !info) return undefined;
  const isOne = (task: Adapter['task']) => !tasks || tasks.includes(task);
  const trained = adapters.filter(({ task }) => isOne(task)).map(({ name }) => name);
  return info.backbone.tasks.some(isOne) ? [NO_ADAPTER, ...trained] : trained;
}
