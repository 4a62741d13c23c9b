// uniadapter keys: what a recipe can say.

import { Command } from 'commander';
import { recipeSections } from '../recipe/index.js';
import { type Context, print, printJson, stylesOf } from './context.js';
import type { Style } from './terminal/index.js';

const EXAMPLES = `
Examples:
    $ uniadapter keys
    $ uniadapter keys learning
    $ uniadapter keys method.lora
`;

export const keys = (context: Context): Command =>
  new Command('keys')
    .summary('list what a recipe can say')
    .description('List every key of a recipe with its default, what it may hold and what it means.')
    .argument('[word]', 'only keys and descriptions with this in them')
    .option('--json', 'write them to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action((word = '', { json }: { readonly json?: true }) => {
      const found = matching(word.toLowerCase());
      if (json)
        printJson(
          context,
          found.flatMap(({ keys }) => keys),
        );
      else print(context, keysText(found, stylesOf(context).out));
    });

type Section = ReturnType<typeof recipeSections>[number];

function matching(word: string): Section[] {
  const has = (...texts: readonly string[]) => texts.some((text) => text.toLowerCase().includes(word));
  return recipeSections().flatMap((section) => {
    const keys = section.keys.filter(({ key, description }) => has(key, description, section.name.replace(' ', '.')));
    return keys.length > 0 ? [{ ...section, keys }] : [];
  });
}

function keysText(sections: readonly Section[], style: Style): string {
  if (sections.length === 0) return 'No key has this word in it; uniadapter keys lists all.';
  return sections
    .map(({ name, description, keys }) => {
      const entries = keys.map(
        ({ key, type, default: value, description }) =>
          `  ${style.cyan(key)} = ${value === undefined ? 'must be given' : JSON.stringify(value)}  ${style.dim(type)}\n      ${description}`,
      );
      return [`${style.bold(name || 'top level')}: ${description}`, ...entries].join('\n');
    })
    .join('\n\n');
}
