// uniadapter recipes: the runs that ship with the package.

import { Command } from 'commander';
import { readText } from '../files/files.js';
import { type Context, print, printJson, stylesOf } from './context.js';
import { shippedRecipe, shippedRecipes } from './shipped.js';
import { table } from './terminal/index.js';

const EXAMPLES = `
Examples:
    $ uniadapter recipes
  One of them with its sources, to read or to start from:
    $ uniadapter recipes msrvtt
    $ uniadapter recipes own-data > own-data.yaml
`;

export const recipes = (context: Context): Command =>
  new Command('recipes')
    .summary('list the recipes that ship, or print one')
    .description('List the recipes that train, evaluate and data check know by name, or print one of them.')
    .argument('[name]', 'the recipe to print')
    .option('--json', 'write the list to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, { json }: { readonly json?: true }) => {
      if (name !== undefined) return print(context, (await readText(await shippedRecipe(name))).trimEnd());
      const all = await shippedRecipes();
      if (json) return printJson(context, all);
      const rows = all.map((recipe) => [recipe.name, recipe.title]);
      print(context, table([['name', 'what it is'], ...rows], ['left'], stylesOf(context).out));
    });
