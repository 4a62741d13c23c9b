// uniadapter report: run folders → one HTML file to look at and to send around.

import { Command } from 'commander';
import { type Context, print } from './context.js';
import { wholeNumber } from './options.js';
import { progressOn } from './terminal/index.js';

interface Flags {
  readonly out?: string;
  readonly examples: number;
  readonly gallery: number;
}

const EXAMPLES = `
Examples:
    $ uniadapter report runs/first
  More examples, searched in more of the test images:
    $ uniadapter report runs/first --examples 20 --gallery 1000 --out first.html
  Several runs side by side: what differs, scores, curves, the same examples by each
    $ uniadapter report runs/first runs/lora --out comparison.html
`;

export const report = (context: Context): Command =>
  new Command('report')
    .summary('write an HTML report of a run, or compare several')
    .description(
      'Write a report of a run as one HTML file: scores and examples before and after, curves, sizes, recipe. ' +
        'Of several runs: what differs between them, and all of that side by side.',
    )
    .argument('<runs...>', 'run folders')
    .option('--out <file>', 'the HTML file (default: report.html in the run folder; comparison.html here for several)')
    .option(
      '--examples <number>',
      'how many searches, questions or captions to show, drawn from the test split',
      wholeNumber,
      6,
    )
    .option('--gallery <number>', 'how many test items are searched, at most', wholeNumber, 200)
    .addHelpText('after', EXAMPLES)
    .action(async (folders: string[], flags: Flags) => {
      const { writeReport } = await import('../report/index.js'); // here, since drawing charts takes half a second to load
      const progress = progressOn(context.stderr);
      const path = await writeReport(folders, { ...flags, run: await context.run(), onProgress: progress.update });
      progress.clear();
      print(context, path);
    });
