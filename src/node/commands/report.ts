// uniadapter report: a run folder → one HTML file to look at and to send around.

import { Command } from 'commander';
import { progressOn } from '../terminal/index.js';
import { type Context, print } from './context.js';
import { wholeNumber } from './options.js';

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
`;

export const report = (context: Context): Command =>
  new Command('report')
    .summary('write an HTML report of a run')
    .description(
      'Write a report of a run as one HTML file: scores and examples before and after, curves, sizes, recipe.',
    )
    .argument('<run>', 'the run folder')
    .option('--out <file>', 'the HTML file (default: report.html in the run folder)')
    .option(
      '--examples <number>',
      'how many searches, questions or captions to show, drawn from the test split',
      wholeNumber,
      6,
    )
    .option('--gallery <number>', 'how many test items are searched, at most', wholeNumber, 200)
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: Flags) => {
      const { reportRun } = await import('../report/index.js'); // here, since drawing charts takes half a second to load
      const progress = progressOn(context.stderr);
      const path = await reportRun(folder, { ...flags, run: await context.run(), onProgress: progress.update });
      progress.clear();
      print(context, path);
    });
