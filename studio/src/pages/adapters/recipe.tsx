// Everything an adapter was trained with, as keys and values.

import { Button, CopyButton } from '@mantine/core';
import type { AdapterDetails } from '../../../../src/server/schema/index.js';
import classes from './adapters.module.css';

type Json = AdapterDetails['recipe'][string];

export function Recipe({ recipe }: { readonly recipe: AdapterDetails['recipe'] }) {
  const lines = Object.entries(recipe).flatMap(([key, value]) => flatten(key, value));
  return (
    <>
      <dl className={classes.recipe}>
        {lines.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <CopyButton value={JSON.stringify(recipe, null, 2)}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" mt="sm" onClick={copy}>
            {copied ? 'Copied' : 'Copy as JSON'}
          </Button>
        )}
      </CopyButton>
    </>
  );
}

/** `{train: {epochs: 3}}` → `train.epochs`, `3`; what is not set is left out. */
function flatten(path: string, value: Json): readonly (readonly [string, string])[] {
  if (value === null) return [];
  if (Array.isArray(value)) return [[path, value.map(text).join(', ')]];
  if (typeof value !== 'object') return [[path, text(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(`${path}.${key}`, inner as Json));
}

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
