// uniadapter pull: a checkpoint of BLIP or an adapter from a repository or an address, or a PyTorch file, made ready to be
// used.

import { Command } from 'commander';
import { bytes } from '../report/page/numbers.js';
import { parseRepo } from '../weights/hub/cache.js';
import type { Pulled } from '../weights/pull.js';
import { type Context, print, printJson, say } from './context.js';
import { progressOn } from './terminal/index.js';

const EXAMPLES = `
Examples:
  A repository of Hugging Face's; then it is a backbone under the same name:
    $ uniadapter pull Salesforce/blip-itm-base-coco
    $ uniadapter train --data photos --out runs/first --backbone Salesforce/blip-itm-base-coco
  A file of the original release, from the web or the disk:
    $ uniadapter pull https://storage.googleapis.com/sfr-vision-language-research/BLIP/models/model_base.pth
    $ uniadapter pull checkpoints/model_base.pth
  An adapter that somebody pushed:
    $ uniadapter pull me/red-cars
    $ uniadapter search me/red-cars "a red car on the left" --in photos

HF_TOKEN, HF_ENDPOINT (a mirror), HF_HOME and HF_HUB_CACHE mean what they mean to Hugging Face's own programs.
`;

export const pull = (context: Context): Command =>
  new Command('pull')
    .summary('fetch a BLIP checkpoint or an adapter, or convert one')
    .description(
      'Fetch a checkpoint of BLIP or an adapter once, check it, convert it if it is a PyTorch file; goes on where it stopped.',
    )
    .argument('<source>', 'owner/name[@revision], an address, or a path')
    .option('--json', 'write the result to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, { json }: { readonly json?: true }) => {
      const { pull } = await context.run();
      const progress = progressOn(context.stderr);
      const pulled = await pull(source, (title, done, all) =>
        progress.update({ title, done, all, detail: `${bytes(done)} of ${bytes(all)}` }),
      );
      progress.clear();
      if (pulled.offline) say(context, 'The network cannot be reached; what was pulled before is used.');
      if (json) return printJson(context, pulled);
      print(context, `${pulled.path}\n${howToUse(pulled)}`);
    });

function howToUse(pulled: Pulled): string {
  if (pulled.kind === 'backbone') return `use it as --backbone ${pulled.name}`;
  const { name, isPresent } = pulled.backbone;
  const missing = parseRepo(name) ? `; fetch it: uniadapter pull ${name}` : '; say where it is with --backbone';
  const where = isPresent ? '' : `, which is not here${missing}`;
  return `use it wherever an adapter folder is asked for: ${pulled.name}\nit adapts the backbone ${name}${where}`;
}
