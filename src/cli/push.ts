// uniadapter push: an adapter into a repository of Hugging Face's, with a card.

import { Command } from 'commander';
import { adapterFolder } from '../weights/store/adapter-name.js';
import { type Context, print, printJson } from './context.js';

interface Flags {
  readonly private?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
    $ uniadapter push runs/first me/red-cars
  Others then use it by its name:
    $ uniadapter pull me/red-cars
    $ uniadapter search me/red-cars "a red car on the left" --in photos

Needs a token that may write: HF_TOKEN, or the one that \`hf auth login\` keeps. HF_ENDPOINT names another hub.
`;

export const push = (context: Context): Command =>
  new Command('push')
    .summary('put an adapter into a hub repository')
    .description('Put an adapter into a repository of a hub, which is created if it is not there, with a model card.')
    .argument('<adapter>', 'adapter or run folder')
    .argument('<repository>', 'owner/name')
    .option('--private', 'create the repository as a private one')
    .option('--json', 'write the result to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (adapter: string, repo: string, flags: Flags) => {
      const folder = await adapterFolder(adapter);
      const { push } = await context.run();
      const pushed = await push(folder, repo, { isPrivate: flags.private === true });
      if (flags.json) printJson(context, pushed);
      else print(context, `${pushed.url}\nuse it as ${pushed.repo}, after uniadapter pull ${pushed.repo}`);
    });
