// uniadapter report: a run folder → one HTML file to look at and to send around.

import { Command } from 'commander';
import { progressOn } from '../terminal/index.js';
import { type Context, print } from './context.js';
import { wholeNumber } from './options.js';

interface Flags {
  readonly out?: string;
  readonly queries: number;
  readonly images: number;
}

const EXAMPLES = `
Examples:
    $ uniadapter report runs/first
  More searches, in more of the test images:
    $ uniadapter report runs/first --queries 20 --images 1000 --out first.html
`;

export const report = (context: Context): Command =>
  new Command('report')
    .summary('write an HTML report of a run')
    .description(
      'Write a report of a run as one HTML file: scores and searches before and after, curves, sizes, recipe.',
    )
    .argument('<run>', 'the run folder')
    .option('--out <file>', 'the HTML file (default: report.html in the run folder)')
    .option('--queries <number>', 'how many text searches to show, drawn from the test captions', wholeNumber, 6)
    .option('--images <number>', 'how many test images they search, at most', wholeNumber, 200)
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: Flags) => {
      const { reportRun } = await import('../report/index.js'); // here, since drawing charts takes half a second to load
      const progress = progressOn(context.stderr);
      const path = await reportRun(folder, { ...flags, run: await context.run(), onProgress: progress.update });
      progress.clear();
      print(context, path);
    });
