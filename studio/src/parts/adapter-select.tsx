// Chooses the adapter that a page uses; only those of its tasks are offered, and the backbone alone where it can do them.

import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Adapter } from '../../../src/server/schema/index.js';
import { adaptersQuery, infoQuery, NO_ADAPTER } from '../api/queries.js';
import { useAble } from './able.js';
import { counted, size } from './format.js';
import { TASKS } from './tasks.js';

export interface AdapterSelectProps {
  readonly label?: string;
  readonly hideLabel?: boolean;
  /** Default: all of them. */
  readonly tasks?: readonly Adapter['task'][];
  /** Name of the adapter; `none` is the backbone alone. */
  readonly value: string;
  readonly onChange: (name: string) => void;
}

export function AdapterSelect({ label = 'Adapter', hideLabel = false, tasks, value, onChange }: AdapterSelectProps) {
  const { data: adapters = [] } = useQuery(adaptersQuery);
  const { data: info } = useQuery(infoQuery);
  const names = useAble(tasks) ?? [];
  const about = new Map([
    [NO_ADAPTER, info ? `${info.backbone.name}, ${size(info.backbone.bytes)}, as it came` : 'As it came'],
    ...adapters.map((adapter) => [adapter.name, aboutAdapter(adapter)] as const),
  ]);
  return (
    <Select
      {...(hideLabel ? { 'aria-label': label } : { label })}
      data={[...names, ...(names.includes(value) ? [] : [value])].map((name) => ({
        value: name,
        label: titleOf(name),
      }))}
      value={value}
      onChange={(name) => name && onChange(name)}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {about.get(option.value)}
          </Text>
        </div>
      )}
    />
  );
}

/** What an adapter is called on a page. */
export const titleOf = (name: string): string => (name === NO_ADAPTER ? 'Backbone alone' : name);

function aboutAdapter({ task, method, bytes, frames }: Adapter): string {
  return [`for ${TASKS[task]}`, method, size(bytes), frames && counted(frames, 'frame')].filter(Boolean).join(' · ');
}
