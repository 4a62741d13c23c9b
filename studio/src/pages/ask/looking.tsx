// Whether and how strongly to show where the model looked, and whose look it is.

import { Group, SegmentedControl, Slider, Switch } from '@mantine/core';
import classes from './ask.module.css';

export interface Look {
  readonly isShown: boolean;
  /** Opacity between 0 and 1. */
  readonly strength: number;
  /** Number of the adapter. */
  readonly whose: number;
}

export interface LookingProps {
  readonly look: Look;
  readonly onChange: (look: Look) => void;
  /** What the one or two adapters are called. */
  readonly names: readonly string[];
}

export function Looking({ look, onChange, names }: LookingProps) {
  return (
    <Group gap="lg" className={classes.looking}>
      <Switch
        label="Show where it looked"
        checked={look.isShown}
        onChange={(event) => onChange({ ...look, isShown: event.currentTarget.checked })}
      />
      {look.isShown && (
        <Slider
          className={classes.strength}
          thumbLabel="How strongly"
          label={null}
          min={0.1}
          max={1}
          step={0.05}
          value={look.strength}
          onChange={(strength) => onChange({ ...look, strength })}
        />
      )}
      {look.isShown && names.length > 1 && (
        <SegmentedControl
          aria-label="Whose look"
          size="xs"
          data={names.map((label, i) => ({ value: `${i}`, label }))}
          value={`${look.whose}`}
          onChange={(value) => onChange({ ...look, whose: Number(value) })}
        />
      )}
    </Group>
  );
}
