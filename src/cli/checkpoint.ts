// uniadapter checkpoint: adapters to and from the checkpoints of UniAdapter's PyTorch release.

import { Command } from 'commander';
import { adapterFolder } from '../weights/store/adapter-name.js';
import { type Context, print } from './context.js';

const EXAMPLES = `
Examples:
    $ uniadapter checkpoint export runs/first first.pth
  A release's checkpoint holds its backbone too, which is pulled first:
    $ uniadapter pull checkpoint_best.pth
    $ uniadapter checkpoint import checkpoint_best.pth runs/official
`;

export function checkpoint(context: Context): Command {
  const command = new Command('checkpoint')
    .summary('adapters to and from the PyTorch release')
    .description('Write an adapter as a checkpoint of UniAdapter’s PyTorch release, or read one.')
    .addHelpText('after', EXAMPLES);
  command
    .command('export')
    .summary('write a .pth file')
    .description('Write an adapter with its backbone as a state dict that the release, and torch.load, read.')
    .argument('<adapter>', 'adapter or run folder')
    .argument('<file>', 'the .pth file to write')
    .option('--backbone <name>', 'where the adapter’s backbone is now')
    .action(async (adapter: string, file: string, { backbone }: { readonly backbone?: string }) => {
      await (await context.run()).exportRelease(await adapterFolder(adapter), file, backbone);
      print(context, file);
    });
  command
    .command('import')
    .summary('read a .pth file')
    .description('Write the adapter in a release’s checkpoint as an adapter folder.')
    .argument('<file>', 'the release’s .pth file, pulled before')
    .argument('<folder>', 'the adapter folder to write')
    .action(async (file: string, folder: string) => {
      await (await context.run()).importRelease(file, folder);
      print(context, folder);
    });
  return command;
}
