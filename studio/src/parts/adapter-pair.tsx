// Chooses an adapter, and a second one to compare it with.

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import type { Adapter } from '../../../src/server/schema/index.js';
import { useAble } from './able.js';
import classes from './adapter-pair.module.css';
import { AdapterSelect } from './adapter-select.js';
import { CloseIcon, CompareIcon } from './icons.js';

export interface AdapterPairProps {
  readonly label: string;
  /** Default: all of them. */
  readonly tasks?: readonly Adapter['task'][];
  readonly first: string;
  /** Null: nothing is compared. */
  readonly second: string | null;
  readonly onChange: (first: string, second: string | null) => void;
}

export function AdapterPair({ label, tasks, first, second, onChange }: AdapterPairProps) {
  const other = useAble(tasks)?.find((name) => name !== first);
  return (
    <div className={classes.pair}>
      <div className={classes.choice}>
        <AdapterSelect label={label} tasks={tasks} value={first} onChange={(name) => onChange(name, second)} />
      </div>
      {second !== null ? (
        <>
          <div className={classes.choice}>
            <AdapterSelect label="Beside" tasks={tasks} value={second} onChange={(name) => onChange(first, name)} />
          </div>
          <Tooltip label="End the comparison">
            <ActionIcon
              size={36}
              variant="subtle"
              color="gray"
              aria-label="End the comparison"
              onClick={() => onChange(first, null)}
            >
              <CloseIcon size={18} />
            </ActionIcon>
          </Tooltip>
        </>
      ) : (
        other !== undefined && (
          <Button variant="default" leftSection={<CompareIcon size={18} />} onClick={() => onChange(first, other)}>
            Compare
          </Button>
        )
      )}
    </div>
  );
}
