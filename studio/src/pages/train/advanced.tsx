// Everything that the presets decide, as fields with what the recipe's documentation says about them.

import { NumberInput, Select, SimpleGrid, Switch } from '@mantine/core';
import { recipeKeys } from '../../../../src/recipe/keys.js';
import { METHODS, type MethodName, type Settings } from './choices.js';
import { METHOD_WORDS } from './words.js';

export interface AdvancedProps {
  readonly settings: Settings;
  readonly hasClips: boolean;
  readonly onChange: (settings: Settings) => void;
}

export function Advanced({ settings, hasClips, onChange }: AdvancedProps) {
  const { method } = settings;
  const change = (part: Partial<Settings>) => onChange({ ...settings, ...part });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="lg">
      <Select
        label="Method"
        description={METHOD_HELP[method]}
        data={METHODS.map((value) => ({ value, label: METHOD_WORDS[value] }))}
        value={method}
        onChange={(value) => value && change(withMethod(value as MethodName, settings))}
      />
      {hasSize(method) && (
        <Whole
          {...{ label: method === 'lora' ? 'Rank' : 'Size R', recipeKey: sizeKey(method), method }}
          value={settings.size}
          onChange={(size) => change({ size })}
        />
      )}
      <Whole
        label="Epochs"
        recipeKey="train.epochs"
        value={settings.epochs}
        onChange={(epochs) => change({ epochs })}
      />
      <Whole label="Batch" recipeKey="train.batch" value={settings.batch} onChange={(batch) => change({ batch })} />
      <NumberInput
        label="Learning rate"
        description={helpOf('optimiser.learningRate')}
        placeholder="auto"
        value={settings.learningRate ?? ''}
        onChange={(value) => change({ learningRate: Number(value) > 0 ? Number(value) : null })}
        min={0}
        step={(settings.learningRate ?? 2e-3) / 2}
        decimalScale={7}
      />
      {hasClips && (
        <Whole
          label="Frames F"
          recipeKey="data.frames"
          value={settings.frames}
          onChange={(frames) => change({ frames })}
        />
      )}
      <Switch
        label="Vary the pictures"
        description={`${helpOf('data.augment')} Pictures are not mirrored where texts say left or right.`}
        checked={settings.augment}
        onChange={(event) => change({ augment: event.currentTarget.checked })}
      />
    </SimpleGrid>
  );
}

interface WholeProps {
  readonly label: string;
  readonly recipeKey: string;
  /** Of a key that several methods have. */
  readonly method?: MethodName;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Whole({ label, recipeKey, method, value, onChange }: WholeProps) {
  return (
    <NumberInput
      label={label}
      description={helpOf(recipeKey, method)}
      value={value}
      onChange={(typed) => Number(typed) >= 1 && onChange(Math.round(Number(typed)))}
      min={1}
      allowDecimal={false}
    />
  );
}

const hasSize = (method: MethodName): boolean => method !== 'heads' && method !== 'full';
const sizeKey = (method: MethodName): string => (method === 'lora' ? 'method.rank' : 'method.bottleneck');

/** A method with the size that is usual for it. */
function withMethod(method: MethodName, { size }: Settings): Pick<Settings, 'method' | 'size'> {
  const usual = recipeKeys().find((known) => known.key === sizeKey(method) && known.method === method)?.default;
  return { method, size: typeof usual === 'number' ? usual : size };
}

/** What docs/recipe.md says about a key. */
const helpOf = (key: string, method?: MethodName): string =>
  recipeKeys().find((known) => known.key === key && (method === undefined || known.method === method))?.description ??
  '';

const METHOD_HELP: Readonly<Record<MethodName, string>> = {
  uniadapter: 'One bottleneck per layer, shared by pictures, texts and both together. The paper’s method.',
  lora: 'Low-rank updates of the query and value projections.',
  bottleneck: 'Serial adapters after every attention and feed-forward.',
  heads: 'Only the projections and the matching head train.',
  full: 'Everything trains; the result is as large as the backbone.',
};
