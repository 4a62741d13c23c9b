// The drawn picture or clip, how to draw another, and what it says about itself.

import { ActionIcon, Group, NumberInput, SegmentedControl, Select, Stack, Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Drawn, WorldOptions } from '../../../../src/server/schema/index.js';
import { BackIcon, DiceIcon, NextIcon } from '../../parts/icons.js';
import { Picture } from '../../parts/picture.js';
import { type Drawing, type Kind, randomSeed, SEEDS, seedAfter } from './drawing.js';
import classes from './world.module.css';

export interface ControlsProps {
  readonly options: WorldOptions;
  readonly drawing: Drawing;
  readonly onChange: (drawing: Drawing) => void;
}

export function Controls({ options, drawing, onChange }: ControlsProps) {
  const { domain, kind, seed } = drawing;
  const chosen = options.domains.find(({ name }) => name === domain);
  const change = (part: Partial<Drawing>) => onChange({ ...drawing, ...part });
  const chooseDomain = (name: string) => {
    const kinds = options.domains.find((other) => other.name === name)?.kinds ?? [];
    change({ domain: name, kind: kinds.includes(kind) ? kind : (kinds[0] ?? kind) });
  };
  return (
    <div className={classes.controls}>
      <Select
        label="Domain"
        description={chosen?.about}
        data={options.domains.map(({ name }) => name)}
        value={domain}
        onChange={(name) => name && chooseDomain(name)}
        className={classes.domain}
      />
      <SegmentedControl
        aria-label="Kind"
        data={KINDS.map(({ value, label }) => ({ value, label, disabled: !chosen?.kinds.includes(value) }))}
        value={kind}
        onChange={(value) => change({ kind: value as Kind })}
      />
      <Group gap={6} wrap="nowrap" align="flex-end">
        <Step label="Seed before" onClick={() => change({ seed: seedAfter(seed, -1) })}>
          <BackIcon />
        </Step>
        <NumberInput
          label="Seed"
          value={seed}
          onChange={(value) => value !== '' && change({ seed: seedAfter(Math.floor(Number(value)), 0) })}
          min={0}
          max={SEEDS - 1}
          allowDecimal={false}
          hideControls
          className={classes.seed}
        />
        <Step label="Next seed" onClick={() => change({ seed: seedAfter(seed, 1) })}>
          <NextIcon />
        </Step>
        <Step label="Any seed" onClick={() => change({ seed: randomSeed() })}>
          <DiceIcon />
        </Step>
      </Group>
    </div>
  );
}

const KINDS = [
  { value: 'image', label: 'Picture' },
  { value: 'video', label: 'Clip' },
] as const;

function Step({
  label,
  onClick,
  children,
}: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={36} variant="default" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Captions beside the complete one; the rest says the same in other words. */
const OTHERS = 2;

export function Stage({ drawn }: { readonly drawn: Drawn }) {
  const [complete = '', ...others] = drawn.captions;
  return (
    <Stack gap="md">
      <Picture
        media={{ ref: { upload: drawn.media.upload }, kind: drawn.media.kind, name: 'drawn' }}
        alt={complete}
        size={512}
        isPlaying
      />
      <div>
        <Text fw={600}>{complete}</Text>
        {others.slice(0, OTHERS).map((caption) => (
          <Text key={caption} size="sm" c="dimmed">
            {caption}
          </Text>
        ))}
      </div>
    </Stack>
  );
}
