// docs/recipe.md from the schema.

import { type RecipeKey, type RecipeSection, recipeSections } from './keys.js';

const INTRODUCTION = `# Recipes

<!-- made by scripts/recipe-docs.ts from src/recipe/schema.ts; a test compares them -->

A recipe says everything that can change the numbers of a run. It is a YAML or JSON file; what is left out takes its default, and only \`data.path\` has none:

\`\`\`yaml
data:
  path: photos/captions.jsonl
train:
  epochs: 10
method:
  name: uniadapter
  bottleneck: 64
\`\`\`

Keys can be set on the command line too, with or without \`--set\`; values are YAML, and the later one wins:

\`\`\`sh
uniadapter train recipe.yaml --out runs/first train.epochs=3 --set method.modalities='[text, cross]'
\`\`\`

Unknown keys and values that make no sense are refused before anything starts, all at once and with the nearest valid name.
The resolved recipe is kept in the run folder and in \`adapter.json\`. Published runs and an example with comments are in [recipes/](../recipes).
`;

/** The documentation of all keys, in Markdown. */
export const recipeDocs = (): string => [INTRODUCTION, ...recipeSections().map(section)].join('\n');

function section({ name, description, keys }: RecipeSection): string {
  const [group, method] = name.split(' ');
  const title = method ? `### ${group}: ${method}` : `## ${group || 'Top level'}`;
  const table = keys.length ? `\n| key | value | default | |\n|---|---|---|---|\n${keys.map(row).join('\n')}\n` : '';
  return `${title}\n\n${description}\n${table}`;
}

const row = ({ key, type, default: value, description }: RecipeKey): string =>
  `| \`${key}\` | ${type} | ${defaultText(value)} | ${description} |`;

function defaultText(value: unknown): string {
  if (value === undefined) return 'must be given';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)?.replaceAll('"', '').replaceAll(',', ', ')}\``;
}
